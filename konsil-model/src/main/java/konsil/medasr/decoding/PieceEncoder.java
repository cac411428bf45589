package konsil.medasr.decoding;

/** Cuts a text into the tokens that the recogniser would write it with. */
@FunctionalInterface
public interface PieceEncoder {
    /**
     * @param atWordStart whether a space is before it, as U+2581 in its first token
     * @return tokens; with {@link Pieces#UNKNOWN} among them where a character has none
     */
    int[] encode(String text, boolean atWordStart);
}
