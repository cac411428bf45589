package konsil.text;

/** What decoding does with special tokens, those that steer a model and are no text. */
public enum Specials {
    /** Shows them as they are written in a prompt; so encoding the result gives them back. */
    KEEP,
    /** Leaves them out, as for a reader. */
    SKIP
}
