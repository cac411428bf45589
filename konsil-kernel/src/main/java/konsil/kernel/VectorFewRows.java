package konsil.kernel;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Products of a few rows with packed weights, one row at a time: here the weights come from memory once and all that
 * counts is to keep up with it. The sums are built in the same order as {@link VectorTile} builds them.
 */
final class VectorFewRows {
    private static final int CHUNK = VectorInput.CHUNK;

    /** Output rows of a group of F32 or BF16. */
    private static final int WIDTH = 32;

    private static final int ROWS = Superblock.ROWS;

    /** Superblocks that stay in the first level cache where narrow vectors walk them more than once. */
    private static final int SUPERBLOCKS = Lanes.COUNT < ROWS ? 8 : WeightFormat.SLAB_COLUMNS / Superblock.COLUMNS;

    /** Shares of the work for each core: a core that is held up leaves more of them to the others. */
    private static final int SHARES = 8;

    private final Floats floats;
    private final Workers workers;
    private final ConcurrentLinkedDeque<VectorIntegers> idle = new ConcurrentLinkedDeque<>();

    VectorFewRows(Floats floats, Workers workers) {
        this.floats = floats;
        this.workers = workers;
    }

    /** As many rows are faster one by one than with the weights unpacked for all. */
    static int most(WeightFormat format) {
        return switch (format) {
            case F32 -> 1;
            case BF16 -> 2;
            case Q8_0, Q4_0 -> 4;
        };
    }

    void matmul(Rows x, PackedWeights w, Rows y) {
        if (x.rows() == 0) {
            return;
        }
        if (w.format().quantised()) {
            quantised(x, w, y);
        } else {
            floating(x, w, y);
        }
    }

    private interface Share {
        /** @param sums room for the sums of groups {@code first} to {@code end - 1} and all rows of x, zero */
        void run(int first, int end, float[] sums);
    }

    private void eachShare(PackedWeights w, int rows, Share task) {
        int groups = w.format().groups(w.out());
        int shares = Math.min(groups, SHARES * workers.cores());
        workers.run(shares, share -> {
            int first = (int) ((long) share * groups / shares);
            int end = (int) ((share + 1L) * groups / shares);
            int size = (end - first) * rows * w.format().groupRows();
            var sums = floats.take(size);
            try {
                Arrays.fill(sums, 0, size, 0);
                task.run(first, end, sums);
            } finally {
                floats.give(sums);
            }
        });
    }

    private void floating(Rows x, PackedWeights w, Rows y) {
        int width = Math.ceilDiv(x.cols(), 2) * 2;
        var values = floats.take(x.rows() * width);
        try {
            for (int r = 0; r < x.rows(); r++) {
                if (w.format() == WeightFormat.BF16) {
                    VectorInput.round(x.address(r), values, r * width, x.cols());
                } else {
                    VectorInput.copy(x.address(r), values, r * width, x.cols());
                }
            }
            eachShare(w, x.rows(), (first, end, sums) -> {
                for (int group = first; group < end; group++) {
                    for (int r = 0; r < x.rows(); r++) {
                        int at = ((group - first) * x.rows() + r) * WIDTH;
                        floating(values, r * width, w, group, sums, at);
                        put(sums, at, y, r, group, w);
                    }
                }
            });
        } finally {
            floats.give(values);
        }
    }

    private static void floating(float[] values, int x, PackedWeights w, int group, float[] sums, int at) {
        long weights = w.data().address() + group * w.format().groupBytes(w.in());
        for (int k = 0; k < w.in(); k += CHUNK) {
            int width = Math.min(CHUNK, w.in() - k);
            for (int i = 0; i < WIDTH; i += 2 * Lanes.COUNT) {
                if (w.format() == WeightFormat.BF16) {
                    var place = new VectorTile.Place(weights + 64L * k + 4L * i, 4L * WIDTH, sums, at + i, 0);
                    VectorRow.bf16(values, x + k, place, Math.ceilDiv(width, 2) * 2);
                } else {
                    var place = new VectorTile.Place(weights + 128L * k + 4L * i, 4L * WIDTH, sums, at + i, 0);
                    VectorRow.f32(values, x + k, place, width);
                }
            }
        }
    }

    private void quantised(Rows x, PackedWeights w, Rows y) {
        var input = Optional.ofNullable(idle.pollFirst()).orElseGet(VectorIntegers::new);
        try {
            input.fill(x, w.format());
            eachShare(w, x.rows(), (first, end, sums) -> {
                for (int col = 0; col < w.in(); col += WeightFormat.SLAB_COLUMNS) {
                    for (int group = first; group < end; group++) {
                        for (int r = 0; r < x.rows(); r++) {
                            int at = ((group - first) * x.rows() + r) * ROWS;
                            addSlab(new Product(input, w, sums), r, group, col, at);
                        }
                    }
                }
                for (int group = first; group < end; group++) {
                    for (int r = 0; r < x.rows(); r++) {
                        put(sums, ((group - first) * x.rows() + r) * ROWS, y, r, group, w);
                    }
                }
            });
        } finally {
            idle.addFirst(input);
        }
    }

    private record Product(VectorIntegers x, PackedWeights w, float[] sums) {}

    /** Adds the products of one row of x with a group's weights in the slab that begins at a column. */
    private static void addSlab(Product product, int row, int group, int col, int at) {
        var w = product.w;
        int end = Math.min(WeightFormat.paddedColumns(w.in()), col + WeightFormat.SLAB_COLUMNS);
        for (int c = col; c < end; c += SUPERBLOCKS * Superblock.COLUMNS) {
            int blocks = Math.min(SUPERBLOCKS * Superblock.COLUMNS, end - c) / WeightFormat.BLOCK;
            int first = product.x.block(row, c / WeightFormat.BLOCK);
            for (int i = 0; i < ROWS; i += Lanes.COUNT) {
                int output = group * ROWS + i;
                var place = new VectorRow.Place(Superblock.values(w, output, c), Superblock.scale(w, output, c));
                if (w.format() == WeightFormat.Q8_0) {
                    VectorRow.q8(product.x, first, place, product.sums, at + i, blocks);
                } else {
                    VectorRow.q4(product.x, first, place, product.sums, at + i, blocks);
                }
            }
        }
    }

    private static void put(float[] sums, int at, Rows y, int row, int group, PackedWeights w) {
        int first = group * w.format().groupRows();
        VectorInput.copy(
                sums, at, y.address(row) + 4L * first, Math.min(w.format().groupRows(), w.out() - first));
    }
}
