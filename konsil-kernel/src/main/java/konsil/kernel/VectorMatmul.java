package konsil.kernel;

import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Products of many rows with packed weights. A strip of 32 output rows and a chunk of 128 columns stay in the
 * first-level cache while all rows of x pass by; the sums of the strip are kept together until they are complete,
 * because the rows of y may be far apart. Weights that are not f32 are unpacked chunk by chunk: for many rows that
 * costs little, and Java has no faster product than f32's.
 */
final class VectorMatmul {
    /** Rows of x that are multiplied by a weight while it is in the cache. */
    private static final int MOST_ROWS = 85 * VectorTile.ROWS;

    /** Floats of x that still leave room in the last-level cache. */
    private static final int MOST_FLOATS = 3 << 20;

    private static final int WIDTH = 32;
    private static final int ROW_BYTES = 4 * WIDTH;
    private static final int TILE = VectorTile.ROWS * WIDTH;

    private final Scratch scratch;
    private final Floats floats;
    private final Workers workers;
    private final VectorFewRows few;

    VectorMatmul(Scratch scratch, Floats floats, Workers workers) {
        this.scratch = scratch;
        this.floats = floats;
        this.workers = workers;
        few = new VectorFewRows(floats, workers);
    }

    void matmul(Rows x, PackedWeights w, Rows y) {
        if (x.rows() <= VectorFewRows.most(w.format())) {
            few.matmul(x, w, y);
            return;
        }
        int fit = MOST_FLOATS / Math.max(1, w.in()) / VectorTile.ROWS * VectorTile.ROWS;
        int step = Math.clamp(fit, 10 * VectorTile.ROWS, MOST_ROWS);
        for (int first = 0; first < x.rows(); first += step) {
            int count = Math.min(step, x.rows() - first);
            block(x.slice(first, count), w, y.slice(first, count));
        }
    }

    private void block(Rows x, PackedWeights w, Rows y) {
        var input = new VectorInput(x, w.format(), floats);
        try {
            workers.run(x.rows(), input::fill);
            workers.run(Math.ceilDiv(w.out(), WIDTH), strip -> strip(input, w, strip, y));
        } finally {
            input.giveBack(floats);
        }
    }

    private void strip(VectorInput input, PackedWeights w, int strip, Rows y) {
        int size = input.paddedRows() * WIDTH;
        var sums = floats.take(size + TILE);
        var room = scratch.take(VectorPanel.BYTES);
        try {
            Arrays.fill(sums, 0, size + TILE, 0);
            for (int chunk = 0; chunk < input.chunks(); chunk++) {
                long panel = unpack(input, w, strip, chunk, room.address());
                if (w.format().quantised()) {
                    multiplyBlocks(input, chunk, panel, sums, size);
                } else {
                    multiply(input, chunk, panel, sums);
                }
            }
            int first = strip * WIDTH;
            int count = Math.min(WIDTH, w.out() - first);
            for (int r = 0; r < y.rows(); r++) {
                VectorInput.copy(sums, r * WIDTH, y.address(r) + 4L * first, count);
            }
        } finally {
            scratch.give(room);
            floats.give(sums);
        }
    }

    /** Columns for {@link VectorTile}: f32 weights lie ready, others are unpacked to {@code room}. */
    private static long unpack(VectorInput input, PackedWeights w, int strip, int chunk, long room) {
        int row = strip * WIDTH;
        int col = chunk * VectorInput.CHUNK;
        int width = input.width(chunk);
        switch (w.format()) {
            case F32 -> {
                return WeightPacker.denseAddress(w, row, col);
            }
            case BF16 -> VectorPanel.bf16(WeightPacker.denseAddress(w, row, col), room, width, WIDTH);
            case Q8_0, Q4_0 -> {
                VectorPanel.quantised(w, row, col, width, room);
                if (row + Superblock.ROWS < w.out()) {
                    VectorPanel.quantised(w, row + Superblock.ROWS, col, width, room + 4L * Superblock.ROWS);
                } else {
                    VectorPanel.nothing(room + 4L * Superblock.ROWS, width);
                }
            }
        }
        return room;
    }

    private static void multiply(VectorInput input, int chunk, long panel, float[] sums) {
        int width = input.width(chunk);
        for (int row = 0; row < input.paddedRows(); row += VectorTile.ROWS) {
            for (int i = 0; i < WIDTH; i += 2 * Lanes.COUNT) {
                var place = new VectorTile.Place(panel + 4L * i, ROW_BYTES, sums, row * WIDTH + i, WIDTH);
                VectorTile.multiply(input.values(), input.at(chunk, row), VectorInput.CHUNK, place, width);
            }
        }
    }

    /**
     * The integers of x and of the weights are so small that f32 adds the products of a block exactly. The sums of a
     * block come to {@code tile}, which is zero before and after.
     */
    private static void multiplyBlocks(VectorInput input, int chunk, long panel, float[] sums, int tile) {
        int blocks = input.width(chunk) / WeightFormat.BLOCK;
        for (int row = 0; row < input.paddedRows(); row += VectorTile.ROWS) {
            for (int block = 0; block < blocks; block++) {
                long b = panel + (long) block * VectorPanel.BLOCK_BYTES;
                int at = input.at(chunk, row) + block * WeightFormat.BLOCK;
                for (int i = 0; i < WIDTH; i += 2 * Lanes.COUNT) {
                    var place = new VectorTile.Place(b + 4L * i, ROW_BYTES, sums, tile + i, WIDTH);
                    VectorTile.multiply(input.values(), at, VectorInput.CHUNK, place, WeightFormat.BLOCK);
                }
                long scales = b + (long) WeightFormat.BLOCK * ROW_BYTES;
                int scaleAt = input.scaleAt(chunk, block, row);
                for (int r = 0; r < VectorTile.ROWS; r++) {
                    settle(sums, tile + r * WIDTH, (row + r) * WIDTH, scales, input.scales()[scaleAt + r]);
                }
            }
        }
    }

    /** sums[to + i] += scale * scales[i] * sums[from + i] for one row of a strip, and the source is zero again. */
    private static void settle(float[] sums, int from, int to, long scales, float scale) {
        for (int i = 0; i < WIDTH; i += Lanes.COUNT) {
            var both = FloatVector.fromMemorySegment(Lanes.F, RawMemory.ALL, scales + 4L * i, ByteOrder.LITTLE_ENDIAN)
                    .mul(scale);
            var sum = FloatVector.fromArray(Lanes.F, sums, from + i)
                    .fma(both, FloatVector.fromArray(Lanes.F, sums, to + i));
            sum.intoArray(sums, to + i);
            FloatVector.zero(Lanes.F).intoArray(sums, from + i);
        }
    }
}
