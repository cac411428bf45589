package konsil.kernel;

/** bfloat16: the upper half of an f32. */
public final class Bf16 {
    private static final int QUIET = 0x0040;

    private Bf16() {}

    /** Rounds to the nearest, ties to even; NaN stays NaN. The result is in the low 16 bits, the others are zero. */
    static int bits(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return bits >>> 16 | QUIET;
        }
        return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
    }

    /** Only the low 16 bits count. */
    static float value(int bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The nearest bfloat16, ties to even; NaN stays NaN. */
    public static float round(float value) {
        return value(bits(value));
    }
}
