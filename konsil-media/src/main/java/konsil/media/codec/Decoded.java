package konsil.media.codec;

/**
 * A picture that is unpacked.
 *
 * @param bits of a sample, 1 to 16
 * @param signed whether samples are in two's complement; their sign then fills all 16 bits
 * @param colours what three components are
 * @param samples of one pixel after the other
 */
public record Decoded(int bits, boolean signed, Colours colours, short[] samples) {
    /** What the code stream says of its components. */
    public enum Colours {
        AS_DECLARED,
        RGB,
        YBR
    }
}
