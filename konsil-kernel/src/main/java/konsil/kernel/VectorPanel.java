package konsil.kernel;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Weights of 32 output rows and one chunk of columns, unpacked into the f32 columns that {@link VectorTile}
 * multiplies by. In the Q formats the columns are the integers themselves, and 32 scales follow each block.
 */
final class VectorPanel {
    private static final int WIDTH = 32;
    private static final int ROW_BYTES = 4 * WIDTH;

    /** Bytes of a block of 32 columns and its scales. */
    static final int BLOCK_BYTES = (WeightFormat.BLOCK + 1) * ROW_BYTES;

    /** Room for a chunk. */
    static final int BYTES = VectorInput.CHUNK / WeightFormat.BLOCK * BLOCK_BYTES;

    private VectorPanel() {}

    /**
     * BF16: pairs of rows come apart.
     *
     * @param pairs address of {@code rows / 2} rows of pairs
     * @param to address of {@code rows} rows of floats
     * @param width of a row, a multiple of 16
     */
    static void bf16(long pairs, long to, int rows, int width) {
        for (int row = 0; row < rows; row += 2) {
            long from = pairs + 4L * width * (row / 2);
            long even = to + 4L * width * row;
            long odd = even + 4L * width;
            for (int i = 0; i < 4 * width; i += Lanes.BYTES) {
                var both = Lanes.loadInts(from + i);
                Lanes.store(Lanes.lowBf16(both), even + i);
                Lanes.store(Lanes.highBf16(both), odd + i);
            }
        }
    }

    /** Keys of a head in a tile of Q8_0 ({@link KvTiles}), rounded to bf16: {@code [D][32]} floats. */
    static void q8Keys(KvTiles kv, long keys, long to) {
        for (int d = 0; d < kv.paddedDim(); d++) {
            long scales = keys + kv.scalesOffset() + 4L * KvTiles.TILE * (d / WeightFormat.BLOCK);
            for (int i = 0; i < KvTiles.TILE; i += Lanes.COUNT) {
                var key = Lanes.loadBytes(keys + (long) KvTiles.TILE * d + i).mul(Lanes.load(scales + 4L * i));
                Lanes.store(Lanes.roundBf16(key), to + 4L * (KvTiles.TILE * d + i));
            }
        }
    }

    /** Values of a head in a tile of Q8_0, rounded to bf16: {@code [32][D]} floats. */
    static void q8Values(KvTiles kv, long values, long to) {
        int dim = kv.paddedDim();
        for (int slot = 0; slot < KvTiles.TILE; slot++) {
            long scales = values + kv.scalesOffset() + 4L * kv.blocks() * slot;
            for (int d = 0; d < dim; d += Lanes.COUNT) {
                float scale = RawMemory.getFloat(scales + 4L * (d / WeightFormat.BLOCK));
                var value = Lanes.loadBytes(values + (long) dim * slot + d).mul(scale);
                Lanes.store(Lanes.roundBf16(value), to + 4L * (dim * slot + d));
            }
        }
    }

    /**
     * Q8_0 and Q4_0: the blocks of a chunk, for the 16 output rows that begin at {@code row}.
     *
     * @param panel the half of the panel that belongs to these rows
     */
    static void quantised(PackedWeights w, int row, int col, int width, long panel) {
        for (int c = 0; c < width; c += WeightFormat.BLOCK) {
            long to = panel + (long) c / WeightFormat.BLOCK * BLOCK_BYTES;
            for (int i = 0; i < Superblock.ROWS; i += Lanes.COUNT) {
                long values = Superblock.values(w, row + i, col + c);
                if (w.format() == WeightFormat.Q8_0) {
                    q8(values, to + 4L * i);
                } else {
                    q4(values, to + 4L * i);
                }
                var scales = Lanes.loadF16(Superblock.scale(w, row + i, col + c));
                Lanes.store(scales, to + WeightFormat.BLOCK * ROW_BYTES + 4L * i);
            }
        }
    }

    private static void q8(long block, long to) {
        for (int g = 0; g < WeightFormat.BLOCK / 4; g++) {
            var four = Lanes.loadInts(block + (long) g * Superblock.STEP);
            for (int i = 0; i < 4; i++) {
                var column = four.lanewise(VectorOperators.LSHR, 8 * i).and(0xff);
                store(column.sub(128), to + (4L * g + i) * ROW_BYTES);
            }
        }
    }

    private static void q4(long block, long to) {
        for (int g = 0; g < WeightFormat.BLOCK / 8; g++) {
            var eight = Lanes.loadInts(block + (long) g * Superblock.STEP);
            for (int i = 0; i < 4; i++) {
                var low = eight.lanewise(VectorOperators.LSHR, 8 * i).and(15);
                var high = eight.lanewise(VectorOperators.LSHR, 8 * i + 4).and(15);
                store(low.sub(8), to + (4L * g + i) * ROW_BYTES);
                store(high.sub(8), to + (16L + 4 * g + i) * ROW_BYTES);
            }
        }
    }

    private static void store(IntVector integers, long to) {
        Lanes.store(Lanes.toFloats(integers), to);
    }

    /** Where a group is missing: scales of zero, and zeros for all its columns. */
    static void nothing(long panel, int width) {
        int rows = width / WeightFormat.BLOCK * (WeightFormat.BLOCK + 1);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < Superblock.STEP; i += Lanes.BYTES) {
                Lanes.store(Lanes.all(0), panel + (long) row * ROW_BYTES + i);
            }
        }
    }
}
