package konsil.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Rows from f32 to other number formats and back. */
final class VectorFormats {
    private static final int L = Lanes.COUNT;
    private static final int BLOCK = WeightFormat.BLOCK;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private VectorFormats() {}

    static void toBf16(long x, long y, int cols) {
        int i = 0;
        for (; i + L <= cols; i += L) {
            var rounded = Lanes.roundBf16(Lanes.load(x + 4L * i)).reinterpretAsInts();
            var halves = rounded.lanewise(VectorOperators.LSHR, 16).convertShape(VectorOperators.I2S, Lanes.HALF, 0);
            ((ShortVector) halves).intoMemorySegment(RawMemory.ALL, y + 2L * i, LE);
        }
        for (; i < cols; i++) {
            RawMemory.setShort(y + 2L * i, (short) Bf16.bits(RawMemory.getFloat(x + 4L * i)));
        }
    }

    static void fromBf16(long x, long y, int cols) {
        int i = 0;
        for (; i + L <= cols; i += L) {
            var halves = ShortVector.fromMemorySegment(Lanes.HALF, RawMemory.ALL, x + 2L * i, LE);
            var ints = halves.convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.I, 0)
                    .reinterpretAsInts();
            Lanes.store(ints.lanewise(VectorOperators.LSHL, 16), y + 4L * i);
        }
        for (; i < cols; i++) {
            RawMemory.setFloat(y + 4L * i, Bf16.value(RawMemory.getShort(x + 2L * i)));
        }
    }

    /** @param values address of the row's signed bytes, whole blocks */
    static void quantise(Rows x, int row, long values, Rows scales) {
        var quants = new int[BLOCK];
        for (int b = 0; b < scales.cols(); b++) {
            scales.set(row, b, VectorQuantise.block(x, row, b * BLOCK, quants));
            for (int i = 0; i < BLOCK; i++) {
                RawMemory.setByte(values + (long) b * BLOCK + i, (byte) quants[i]);
            }
        }
    }
}
