package konsil.kernel;

/**
 * GGUF's reference quantisers for weights: {@code quantize_row_q8_0_ref} and {@code quantize_row_q4_0_ref} of ggml, one
 * block of 32 values at a time, the same to the bit for finite input. A NaN makes the scale NaN, so it cannot pass for
 * a number later.
 */
final class BlockQuantiser {
    private static final int BLOCK = WeightFormat.BLOCK;

    /** Added before cutting off, this rounds ties away from zero; 0.5 itself would round its predecessor up too. */
    private static final float BELOW_HALF = Math.nextDown(0.5f);

    private BlockQuantiser() {}

    /**
     * Q8_0: d = max|x| / 127, q = x / d to the nearest integer, ties away from zero.
     *
     * @param q the 32 results, -127..127, go to the front
     * @return d as f16
     */
    static short q8(float[] x, int from, int[] q) {
        int bits = 0; // magnitudes compare as integers, where NaN is above infinity
        for (int i = 0; i < BLOCK; i++) {
            bits = Math.max(bits, Float.floatToRawIntBits(x[from + i]) & Integer.MAX_VALUE);
        }
        float d = Float.intBitsToFloat(bits) / 127;
        float inverse = d == 0 ? 0 : 1 / d;
        for (int i = 0; i < BLOCK; i++) {
            float scaled = x[from + i] * inverse;
            int whole = (int) (scaled + Math.copySign(BELOW_HALF, scaled));
            // beyond 127 only when d is so small that its inverse is infinite, and then d is 0 as f16
            q[i] = Math.max(-127, Math.min(127, whole));
        }
        return Float.floatToFloat16(d);
    }

    /**
     * Q4_0: d = the value of the largest magnitude / -8, q = x / d + 8.5 cut off, at most 15.
     *
     * @param q the 32 results, 0..15, go to the front
     * @return d as f16
     */
    static short q4(float[] x, int from, int[] q) {
        int largest = 0; // the first largest magnitude, compared as integers, where NaN is above infinity
        float value = 0;
        for (int i = 0; i < BLOCK; i++) {
            int magnitude = Float.floatToRawIntBits(x[from + i]) & Integer.MAX_VALUE;
            if (magnitude > largest) {
                largest = magnitude;
                value = x[from + i];
            }
        }
        float d = value / -8;
        float inverse = d == 0 ? 0 : 1 / d;
        for (int i = 0; i < BLOCK; i++) {
            q[i] = Math.max(0, Math.min(15, (int) (x[from + i] * inverse + 8.5f)));
        }
        return Float.floatToFloat16(d);
    }
}
