package konsil.kernel;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Quantises rows to 8-bit integers with a scale for each block of 32 columns. */
final class VectorQuantise {
    private static final int BLOCK = WeightFormat.BLOCK;

    /** Adding 1.5 * 2^23 rounds to the nearest even integer and leaves it in the low bits. */
    private static final float ROUND = 0x1.8p23f;

    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);
    private static final int INFINITE_BITS = 0x7f80_0000;
    private static final int TINY_BITS = Float.floatToRawIntBits(0x1p-100f);

    private VectorQuantise() {}

    /**
     * One block as {@link Kernels#quantise} says.
     *
     * @param x address of the block's 32 floats
     * @param quants 32 integers go here
     * @return the scale
     */
    private static float block(long x, int[] quants) {
        var largest = IntVector.zero(Lanes.I);
        for (int i = 0; i < BLOCK; i += Lanes.COUNT) {
            largest = largest.max(Lanes.loadInts(x + 4L * i).and(Integer.MAX_VALUE));
        }
        int bits = largest.reduceLanes(VectorOperators.MAX); // magnitudes in order, NaN above infinity
        float scale = Float.intBitsToFloat(bits) / 127;
        if (bits < TINY_BITS || bits >= INFINITE_BITS) {
            for (int i = 0; i < BLOCK; i++) {
                quants[i] = 0;
            }
            return bits < TINY_BITS ? 0 : scale;
        }
        float factor = 127 / Float.intBitsToFloat(bits);
        for (int i = 0; i < BLOCK; i += Lanes.COUNT) {
            var rounded = Lanes.load(x + 4L * i).mul(factor).add(ROUND);
            rounded.reinterpretAsInts().sub(ROUND_BITS).intoArray(quants, i);
        }
        return scale;
    }

    /**
     * The last block of a row, filled with zeros.
     *
     * @param count columns that it has
     */
    private static float lastBlock(long x, int count, int[] quants) {
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits = Math.max(bits, RawMemory.getInt(x + 4L * i) & Integer.MAX_VALUE);
        }
        float largest = Float.intBitsToFloat(bits);
        boolean counts = bits >= TINY_BITS && bits < INFINITE_BITS;
        float factor = 127 / largest;
        for (int i = 0; i < BLOCK; i++) {
            quants[i] = counts && i < count ? (int) Math.rint(RawMemory.getFloat(x + 4L * i) * factor) : 0;
        }
        return bits < TINY_BITS ? 0 : largest / 127;
    }

    /** The block at a column of a row, filled with zeros where the row ends; its integers go to the front. */
    static float block(Rows x, int row, int col, int[] quants) {
        long from = x.address(row) + 4L * col;
        return col + BLOCK <= x.cols() ? block(from, quants) : lastBlock(from, Math.max(0, x.cols() - col), quants);
    }
}
