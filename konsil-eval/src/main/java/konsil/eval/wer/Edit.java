package konsil.eval.wer;

/** One step of an alignment, from the reference to the hypothesis. */
public enum Edit {
    /** The same on both sides. */
    HIT(' '),
    /** Another word in its place. */
    SUBSTITUTION('S'),
    /** In the reference alone. */
    DELETION('D'),
    /** In the hypothesis alone. */
    INSERTION('I');

    private final char mark;

    Edit(char mark) {
        this.mark = mark;
    }

    /** S, D, I, or a space for a hit. */
    public char mark() {
        return mark;
    }
}
