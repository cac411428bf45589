package konsil.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.clinic.AnswerSettings;
import konsil.clinic.AssistantSettings;
import konsil.clinic.Conversation;
import konsil.clinic.Message.Content;
import konsil.clinic.Picture;
import konsil.clinic.Reply;
import konsil.medgemma.PixelSettings.Framing;
import konsil.media.ImageSettings;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil ask}: one question about text and pictures, one answer. */
final class AskCommand implements Command {
    private static final String IMAGE = "--image";
    private static final String TEXT = "--text";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "ask",
                "Answers a question about text and images, written or spoken. Images, texts and recordings are told to "
                        + "the model in the order in which they stand on the command line, the question last.",
                "ask --model medgemma.konsil \"What are the signs of a pneumothorax on a chest radiograph?\"",
                "ask --model medgemma.konsil --pad --image chest.png \"Is there a pleural effusion?\"",
                "ask --model medgemma.konsil --text Prior: --image a.png --text Now: --image b.png \"What changed?\"",
                "ask --model medgemma.konsil --study ct-folder --slices 20..60 \"Is there a lesion of the liver?\"",
                "ask --model medgemma.konsil --study t1.nii.gz --study t2.nii.gz \"Describe the MRI volume.\"",
                "ask --model medgemma.konsil --study slide.svs --magnification 20 --patches 60 \"colon, biopsy:\"",
                "ask --model medgemma.konsil --prior 2024.dcm --current 2026.dcm",
                "ask --model medgemma.konsil --study chest.dcm --locate \"right clavicle\" --boxes where.png",
                "ask --model medgemma-Q8_0.gguf --mmproj mmproj-F16.gguf --image a.jpg --think --json \"Describe.\"",
                "ask --model medgemma.konsil --image chest.png --asr-model medasr.konsil --audio question.wav");
        AssistantOptions.addTo(spec);
        spec.addOption(Options.list(IMAGE, "FILE", Path.class, "An image: PNG, JPEG, TIFF, BMP or GIF."));
        spec.addOption(Options.list(TEXT, "TEXT", String.class, "Text among the images."));
        AskStudy.addTo(spec);
        SpokenWords.addTo(spec);
        spec.addOption(Options.json());
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .paramLabel("QUESTION")
                .type(String.class)
                .arity("0..1")
                .description("The question, after all images and texts.")
                .build());
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        var answer = AssistantOptions.answer(arguments);
        var assistant = AssistantOptions.assistant(arguments, false);
        String system = AssistantOptions.system(arguments);
        try (var interruption = new Interruption(() -> {})) {
            if (AskStudy.isAsked(arguments)) {
                requireWritten(arguments);
                var about = AskStudy.of(arguments, output);
                var asked = new Asked(system, answer, assistant.with(Framing.PADDED), true);
                var reply = reply(about.contents(), asked, arguments, output, interruption);
                return finished(reply, about.boxes(reply), arguments, output);
            }
            var spoken = new SpokenWords(output, interruption);
            var contents = contents(arguments, spoken);
            spoken.show();
            if (interruption.asked()) {
                return Exit.INTERRUPTED;
            }
            var asked = new Asked(system, answer, assistant, false);
            var reply = reply(contents, asked, arguments, output, interruption);
            var more = new LinkedHashMap<String, Object>();
            spoken.addTo(more);
            return finished(reply, arguments.hasMatchedOption(Options.JSON) ? more : Map.of(), arguments, output);
        }
    }

    private static void requireWritten(ParseResult arguments) {
        if (arguments.hasMatchedOption(SpokenWords.AUDIO)) {
            throw new BadInputException(
                    "%s: a question about a study is written; leave the recording out".formatted(SpokenWords.AUDIO));
        }
    }

    /**
     * @param budgeted whether the tokens are told, and must suffice for the whole answer, before anything is computed
     */
    private record Asked(String system, AnswerSettings answer, AssistantSettings assistant, boolean budgeted) {}

    private static Reply reply(
            List<Content> contents, Asked asked, ParseResult arguments, Output output, Interruption interruption)
            throws IOException {
        boolean json = arguments.hasMatchedOption(Options.JSON);
        try (var open = OpenAssistant.load(AssistantOptions.files(arguments), asked.assistant(), output);
                var printer = new AnswerPrinter(output, !json, interruption::asked)) {
            if (asked.budgeted()) {
                AskStudy.requireBudget(open.assistant(), asked.system(), contents, asked.answer(), output);
            }
            var reply = new Conversation(open.assistant(), asked.system()).say(contents, asked.answer(), printer);
            printer.finish(reply, asked.answer().maxTokens());
            return reply;
        }
    }

    private static Exit finished(Reply reply, Map<String, Object> more, ParseResult arguments, Output output) {
        if (arguments.hasMatchedOption(Options.JSON)) {
            boolean logprobs = AssistantOptions.answer(arguments).alternatives() > 0;
            var fields = ReplyJson.of(reply, logprobs);
            fields.putAll(more);
            Json.print(output.out(), fields);
        } else {
            more.forEach((what, value) -> output.err().println(what + ": " + value));
        }
        return reply.answered() ? Exit.OK : Exit.NEGATIVE;
    }

    /** In the order of the command line; picocli alone would give all images, then all texts. */
    private static List<Content> contents(ParseResult arguments, SpokenWords spoken) throws IOException {
        ImageSettings pictures = AssistantOptions.pictures(arguments);
        var contents = new ArrayList<Content>();
        var images = arguments.matchedOptionValue(IMAGE, List.<Path>of()).iterator();
        var texts = arguments.matchedOptionValue(TEXT, List.<String>of()).iterator();
        var recordings = spoken.of(arguments).iterator();
        for (String word : arguments.expandedArgs()) {
            if (isOption(word, IMAGE) && images.hasNext()) {
                contents.add(new Content.Shown(Picture.read(images.next(), pictures)));
            } else if (isOption(word, TEXT) && texts.hasNext()) {
                contents.add(new Content.Words(texts.next()));
            } else if (isOption(word, SpokenWords.AUDIO) && recordings.hasNext()) {
                contents.add(new Content.Words(recordings.next()));
            }
        }
        String question = arguments.matchedPositionalValue(0, "");
        if (!question.isBlank()) {
            boolean spokenBefore =
                    arguments.hasMatchedOption(SpokenWords.AUDIO) && contents.getLast() instanceof Content.Words;
            contents.add(new Content.Words(spokenBefore ? said(contents.removeLast()) + "\n" + question : question));
        }
        if (contents.isEmpty()) {
            throw new BadInputException("ask: want a question or an image");
        }
        return contents;
    }

    private static String said(Content content) {
        return switch (content) {
            case Content.Words(var words) -> words;
            case Content.Shown _ -> "";
        };
    }

    private static boolean isOption(String word, String name) {
        return word.equals(name) || word.startsWith(name + "=");
    }
}
