package konsil.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import konsil.clinic.AnswerListener;
import konsil.clinic.Reply;
import konsil.text.ThoughtSplitter.Part;

/**
 * Shows an answer while it comes about: progress and thought on standard error, the answer itself on standard output,
 * where it is not to be printed as JSON at the end.
 */
final class AnswerPrinter implements AnswerListener, AutoCloseable {
    private static final int MANY_TOKENS = 256;

    private final Output output;
    private final boolean streams;
    private final BooleanSupplier cancelled;
    private final Phase looking;
    private final Phase reading;
    private boolean thinking;
    private boolean midLine;

    /** @param streams whether the answer is printed as it comes */
    AnswerPrinter(Output output, boolean streams, BooleanSupplier cancelled) {
        this.output = output;
        this.streams = streams;
        this.cancelled = cancelled;
        this.looking = new Phase(output, "look at images", Progress.Unit.STEPS);
        this.reading = new Phase(output, "read prompt", Progress.Unit.STEPS);
    }

    @Override
    public void asked(int tokens, int pictures) {
        if (pictures > 0) {
            looking.at(0, pictures);
        }
    }

    @Override
    public void seen(int pictures, int total) {
        looking.at(pictures, total);
    }

    @Override
    public void read(int tokens, int total) {
        if (total >= MANY_TOKENS) {
            reading.at(tokens, total);
        }
    }

    @Override
    public void said(Part part) {
        switch (part) {
            case Part.Thought(var words) -> {
                if (!thinking) {
                    output.err().print("[thought] ");
                }
                thinking = true;
                print(output.err(), words);
            }
            case Part.Answer(var words) -> {
                endThought();
                if (streams) {
                    print(output.out(), words);
                    midLine = !words.endsWith("\n");
                }
            }
            case Part.Withdrawn _ -> {
                endLine();
                output.err().println("[what stands above was thought, the answer follows]");
            }
        }
    }

    /** What the model writes is no command to the terminal: control characters but for line ends and tabs go. */
    private static void print(PrintStream to, String words) {
        to.print(words.replaceAll("[\\p{Cntrl}&&[^\n\t]]", ""));
        to.flush();
    }

    private void endThought() {
        if (thinking) {
            output.err().println();
        }
        thinking = false;
    }

    private void endLine() {
        if (midLine) {
            output.out().println();
        }
        midLine = false;
    }

    /** What is said when the reply is complete: why it ended, what it cost. */
    void finish(Reply reply, int maxTokens) {
        endThought();
        endLine();
        switch (reply.end()) {
            case DONE, STOP_TEXT -> {}
            case LENGTH ->
                output.err()
                        .println(
                                reply.answered()
                                        ? "konsil: the answer was cut off after %d tokens; see --max-tokens, --context"
                                                .formatted(reply.usage().replyTokens())
                                        : ("konsil: no answer yet: the model was still thinking after %d tokens; "
                                                        + "give it more with --max-tokens (now %d) or --context")
                                                .formatted(reply.usage().replyTokens(), maxTokens));
            case CANCELLED -> output.err().println("konsil: stopped");
        }
        if (output.progress() != Progress.Mode.SILENT && output.progress() != Progress.Mode.JSON) {
            output.err().println(cost(reply.usage()));
        }
    }

    private static String cost(Reply.Usage usage) {
        String images = usage.views() == 0
                ? ""
                : "%d views of images (%d known) in %.1f s, "
                        .formatted(usage.views(), usage.knownViews(), usage.imageSeconds());
        double rate = usage.replySeconds() > 0 ? (usage.replyTokens() - 1) / usage.replySeconds() : 0;
        return String.format(
                Locale.ROOT,
                "[%sprompt of %d tokens (%d known) in %.1f s, reply of %d tokens, %.1f a second; keys and values %s. "
                        + "Not a medical device: check before use.]",
                images,
                usage.promptTokens(),
                usage.reusedTokens(),
                usage.promptSeconds(),
                usage.replyTokens(),
                Math.max(0, rate),
                Sizes.text(usage.cacheBytes()));
    }

    @Override
    public boolean cancelled() {
        return cancelled.getAsBoolean();
    }

    @Override
    public void close() {
        looking.close();
        reading.close();
    }
}
