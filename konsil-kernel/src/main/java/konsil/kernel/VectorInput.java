package konsil.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of x made ready for {@link VectorTile}: cut into chunks of 128 columns, and what the format of the weights wants
 * already done, rounded to bf16 or quantised. A chunk of all rows lies together, which is how they are read.
 */
final class VectorInput {
    /** Columns in a chunk: with 32 columns of weights each, 16 KiB, half of the smallest first-level cache. */
    static final int CHUNK = 128;

    private static final int BLOCK = WeightFormat.BLOCK;
    private static final int BLOCKS = CHUNK / BLOCK;

    private final WeightFormat format;
    private final Rows x;
    private final int paddedRows;
    private final float[] values;
    private final float[] scales;

    /** Takes its arrays from {@code floats}; {@link #giveBack} returns them. */
    VectorInput(Rows x, WeightFormat format, Floats floats) {
        this.x = x;
        this.format = format;
        paddedRows = Math.ceilDiv(x.rows(), VectorTile.ROWS) * VectorTile.ROWS;
        int size = Math.multiplyExact(chunks() * CHUNK, paddedRows);
        values = floats.take(size);
        scales = floats.take(format.quantised() ? size / BLOCK : 0);
    }

    void giveBack(Floats floats) {
        floats.give(values);
        floats.give(scales);
    }

    /** Rows, a multiple of a tile's; those past the end of x hold anything. */
    int paddedRows() {
        return paddedRows;
    }

    int chunks() {
        return Math.ceilDiv(x.cols(), CHUNK);
    }

    /** Columns of a chunk that count, filled up with zeros to pairs in BF16 and to superblocks in the Q formats. */
    int width(int chunk) {
        int multiple = format == WeightFormat.F32 ? 1 : format == WeightFormat.BF16 ? 2 : Superblock.COLUMNS;
        return Math.min(CHUNK, Math.ceilDiv(x.cols() - chunk * CHUNK, multiple) * multiple);
    }

    float[] values() {
        return values;
    }

    /** Where a chunk of a row begins in {@link #values}; the next row's follows {@link #CHUNK} on. */
    int at(int chunk, int row) {
        return (chunk * paddedRows + row) * CHUNK;
    }

    float[] scales() {
        return scales;
    }

    /** Where the scale of a row begins in {@link #scales}; the next row's follows. */
    int scaleAt(int chunk, int block, int row) {
        return (chunk * BLOCKS + block) * paddedRows + row;
    }

    /** Fills in one row of x. */
    void fill(int row) {
        if (format.quantised()) {
            quantise(row);
            return;
        }
        for (int chunk = 0; chunk < chunks(); chunk++) {
            long from = x.address(row) + 4L * chunk * CHUNK;
            int count = Math.min(CHUNK, x.cols() - chunk * CHUNK);
            if (format == WeightFormat.F32) {
                copy(from, values, at(chunk, row), count);
            } else {
                round(from, values, at(chunk, row), count);
            }
        }
    }

    static void copy(long from, float[] to, int at, int count) {
        MemorySegment.copy(RawMemory.ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, from, to, at, count);
    }

    static void copy(float[] from, int at, long to, int count) {
        MemorySegment.copy(from, at, RawMemory.ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, to, count);
    }

    /** Rounds to bf16; one zero follows an odd count. */
    static void round(long from, float[] to, int at, int count) {
        int i = 0;
        for (; i + Lanes.COUNT <= count; i += Lanes.COUNT) {
            Lanes.roundBf16(Lanes.load(from + 4L * i)).intoArray(to, at + i);
        }
        for (; i < count; i++) {
            to[at + i] = Bf16.round(RawMemory.getFloat(from + 4L * i));
        }
        if (count % 2 == 1) {
            to[at + count] = 0;
        }
    }

    private void quantise(int row) {
        var quants = new int[BLOCK];
        for (int col = 0; col < chunks() * CHUNK; col += BLOCK) {
            int to = at(col / CHUNK, row) + col % CHUNK;
            scales[scaleAt(0, col / BLOCK, row)] = VectorQuantise.block(x, row, col, quants);
            for (int i = 0; i < BLOCK; i++) {
                values[to + i] = quants[i];
            }
        }
    }
}
