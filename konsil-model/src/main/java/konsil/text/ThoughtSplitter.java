package konsil.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Parts what a model writes into its thought and its answer, id by id. MedGemma writes
 * {@code <unused94>thought\n ... <unused95>answer} when it thinks, asked or not; some prompts make it use
 * {@code <unused96> ... <unused97>} instead. The answer is what follows the last closing mark, everything before is
 * thought; a thought that is cut off is no answer. For one reply and one thread.
 */
public final class ThoughtSplitter {
    private static final List<String> OPENING = List.of("<unused94>", "<unused96>");
    private static final List<String> CLOSING = List.of("<unused95>", "<unused97>");
    /** Written by the model at the start of a thought; not part of it. */
    private static final String HEADING = "thought\n";

    /** What is new after an id. */
    public sealed interface Part {
        /** More of the thought. */
        record Thought(String words) implements Part {}

        /** More of the answer. */
        record Answer(String words) implements Part {}

        /** All of the answer so far was thought after all: a mark came behind it. */
        record Withdrawn() implements Part {}
    }

    /** What it all comes to. */
    public sealed interface Reply {
        /** What the model thought, without marks and heading; empty if it did not. */
        String thought();

        /** The model has begun its answer. */
        record Answered(String thought, String answer) implements Reply {}

        /** The model was still thinking when it stopped: there is no answer yet. */
        record Unanswered(String thought) implements Reply {}
    }

    private final Tokenizer tokenizer;
    private final TextStream stream;
    private final List<Integer> opening;
    private final List<Integer> closing;
    private final StringBuilder said = new StringBuilder();
    private int answerFrom;
    private final StringBuilder heading = new StringBuilder();
    private boolean thinking;
    private boolean inHeading;

    public ThoughtSplitter(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.stream = tokenizer.stream(Specials.SKIP);
        this.opening = ids(OPENING);
        this.closing = ids(CLOSING);
    }

    private List<Integer> ids(List<String> marks) {
        var ids = new ArrayList<Integer>();
        for (String mark : marks) {
            tokenizer.id(mark).ifPresent(ids::add);
        }
        return List.copyOf(ids);
    }

    /**
     * Takes the next id of the reply.
     *
     * @return what is certain now, in order; special tokens are left out
     * @throws IllegalArgumentException if the vocabulary has no such id
     */
    public List<Part> accept(int id) {
        var parts = new ArrayList<Part>();
        if (opening.contains(id)) {
            add(stream.finish(), parts);
            if (!thinking) {
                withdraw(parts);
                inHeading = true;
            }
            thinking = true;
        } else if (closing.contains(id)) {
            add(stream.finish(), parts);
            endHeading(parts);
            if (!thinking) {
                withdraw(parts);
            }
            thinking = false;
            answerFrom = said.length();
        } else {
            add(stream.accept(id), parts);
        }
        return parts;
    }

    /** Takes the end of the reply. */
    public List<Part> finish() {
        var parts = new ArrayList<Part>();
        add(stream.finish(), parts);
        endHeading(parts);
        return parts;
    }

    /** What has come so far. */
    public Reply reply() {
        return thinking
                ? new Reply.Unanswered(said.toString())
                : new Reply.Answered(said.substring(0, answerFrom), said.substring(answerFrom));
    }

    private void add(String words, List<Part> parts) {
        if (words.isEmpty()) {
            return;
        }
        if (!thinking) {
            said.append(words);
            parts.add(new Part.Answer(words));
        } else if (inHeading) {
            heading.append(words);
            if (!HEADING.startsWith(heading.toString())) {
                endHeading(parts);
            }
        } else {
            addThought(words, parts);
        }
    }

    /** Nothing more can complete the heading: what was held back is thought, without it. */
    private void endHeading(List<Part> parts) {
        String held = heading.toString();
        heading.setLength(0);
        inHeading = false;
        addThought(held.startsWith(HEADING) ? held.substring(HEADING.length()) : held, parts);
    }

    private void addThought(String words, List<Part> parts) {
        if (!words.isEmpty()) {
            said.append(words);
            parts.add(new Part.Thought(words));
        }
    }

    private void withdraw(List<Part> parts) {
        if (said.length() > answerFrom) {
            answerFrom = said.length();
            parts.add(new Part.Withdrawn());
        }
    }
}
