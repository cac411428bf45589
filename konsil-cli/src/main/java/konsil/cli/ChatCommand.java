package konsil.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.clinic.AnswerSettings;
import konsil.clinic.Conversation;
import konsil.clinic.Message.Content;
import konsil.clinic.Picture;
import konsil.medgemma.generation.BusyException;
import konsil.media.BadMediaException;
import konsil.media.ImageSettings;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil chat}: a conversation, line by line, in which what was said is not read again. */
final class ChatCommand implements Command {
    private static final String HELP = """
            A line is a question. /image FILE puts an image before the next one, /text TEXT words among images,
            /reset begins anew, /help shows this, /quit or the end of the input ends.""";

    private final InputStream in;

    /** @param in what the person says */
    ChatCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "chat",
                "Keeps a conversation: questions from standard input, a line each, answers to standard output. "
                        + HELP.replace("\n", " "),
                "chat --model medgemma.konsil --system \"You are an expert radiologist.\"",
                "chat --model medgemma.konsil --json");
        AssistantOptions.addTo(spec);
        spec.addOption(Options.flag(Options.JSON, "Print each reply as JSON."));
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        var answering = new Answering(
                AssistantOptions.answer(arguments),
                AssistantOptions.pictures(arguments),
                AssistantOptions.system(arguments),
                arguments.hasMatchedOption(Options.JSON));
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        try (var interruption = new Interruption(() -> {});
                var open = OpenAssistant.load(
                        AssistantOptions.files(arguments), AssistantOptions.assistant(arguments, true), output)) {
            return new Talk(open, answering, output, interruption).run(lines);
        }
    }

    private record Answering(AnswerSettings settings, ImageSettings pictures, String system, boolean json) {}

    /** One conversation after another, until the input ends. */
    private static final class Talk {
        private final OpenAssistant open;
        private final Answering answering;
        private final Output output;
        private final Interruption interruption;
        private final List<Content> before = new ArrayList<>();
        private Conversation conversation;

        Talk(OpenAssistant open, Answering answering, Output output, Interruption interruption) {
            this.open = open;
            this.answering = answering;
            this.output = output;
            this.interruption = interruption;
            conversation = new Conversation(open.assistant(), answering.system());
        }

        Exit run(BufferedReader lines) throws IOException {
            prompt();
            for (String line = lines.readLine(); line != null && !interruption.asked(); line = lines.readLine()) {
                if (line.strip().equals("/quit")) {
                    break;
                }
                try {
                    take(line.strip());
                } catch (BadInputException | BadMediaException | BusyException wrong) {
                    output.err().println("konsil: " + wrong.getMessage());
                }
                prompt();
            }
            return Exit.OK;
        }

        private void prompt() {
            if (output.progress() == Progress.Mode.TERMINAL) {
                output.err().print("> ");
                output.err().flush();
            }
        }

        private void take(String line) throws IOException {
            String rest =
                    line.contains(" ") ? line.substring(line.indexOf(' ') + 1).strip() : "";
            switch (line.startsWith("/") ? line.split(" ", 2)[0] : "") {
                case "/image" -> before.add(new Content.Shown(Picture.read(Path.of(rest), answering.pictures())));
                case "/text" -> before.add(new Content.Words(rest));
                case "/reset" -> {
                    before.clear();
                    conversation = new Conversation(open.assistant(), answering.system());
                }
                case "/help" -> output.err().println(HELP);
                case "" -> {
                    if (!line.isEmpty()) {
                        say(line);
                    }
                }
                default -> throw new BadInputException("unknown: " + line.split(" ", 2)[0] + ". " + HELP);
            }
        }

        private void say(String line) {
            var contents = new ArrayList<>(before);
            contents.add(new Content.Words(line));
            try (var printer = new AnswerPrinter(output, !answering.json(), interruption::asked)) {
                var reply = conversation.say(contents, answering.settings(), printer);
                printer.finish(reply, answering.settings().maxTokens());
                if (answering.json()) {
                    Json.print(
                            output.out(),
                            ReplyJson.of(reply, answering.settings().alternatives() > 0));
                }
            }
            before.clear();
        }
    }
}
