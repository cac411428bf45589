package konsil.text;

/**
 * One token as SentencePiece and GGUF files list them, in the order of ids.
 *
 * @param text the token, with {@link Tokenizer#SPACE_MARK} for spaces
 * @param score the higher the sooner a pair that gives this token is merged
 * @param kind what it is for
 */
public record ScoredPiece(String text, float score, Kind kind) {
    /** The kinds of both formats. */
    public enum Kind {
        /** Text that merges lead to. */
        NORMAL,
        /** Stands for what cannot be written otherwise. */
        UNKNOWN,
        /** Steers the model. */
        CONTROL,
        /** Text that is cut out before anything is merged. */
        USER_DEFINED,
        /** Nothing; a place that is kept free. */
        UNUSED,
        /** One byte, written {@code <0x0A>}. */
        BYTE
    }
}
