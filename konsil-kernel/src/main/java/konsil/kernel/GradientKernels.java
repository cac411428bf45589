package konsil.kernel;

/**
 * The loops of the way back that are not products of matrices: what {@link Kernels} is for values, this is for their
 * gradients. One implementation, on the vectors of the processor. As there, results do not depend on the number of
 * threads; sums over rows are made in parts of {@value #PART} rows, which are added in their order.
 *
 * <p>Sizes are checked; every element of an output is written; an output may be the same memory as an input only where
 * "in place" is said.
 */
public final class GradientKernels implements AutoCloseable {
    /** Rows of a partial sum. */
    private static final int PART = 64;

    private static final int L = Lanes.COUNT;

    private final Workers workers;
    private final Scratch scratch = new Scratch();
    private final VectorElements elements;

    public GradientKernels(Workers workers) {
        this.workers = workers;
        this.elements = new VectorElements(scratch, workers);
    }

    /** dx = f'(x) * dy; in place allowed. */
    public void slope(Activation f, Rows x, Rows dy, Rows dx) {
        same("slope: dy", dy, x.rows(), x.cols());
        same("slope: dx", dx, x.rows(), x.cols());
        elements.each(x, dy, dx, Slopes.of(f));
    }

    /** y = a * b, value by value; in place allowed. */
    public void multiply(Rows a, Rows b, Rows y) {
        same("multiply: b", b, a.rows(), a.cols());
        same("multiply: y", y, a.rows(), a.cols());
        elements.each(a, b, y, VectorElements::multiply);
    }

    /**
     * The way back through {@link Kernels#rmsNorm}.
     *
     * @param weight (1, cols)
     * @param g of the same shape as x
     * @param dWeight (1, cols), or without rows when it is not wanted
     */
    public void rmsNorm(Rows x, Rows weight, float eps, Gradient g, Rows dWeight) {
        norm(x, g, dWeight, new NormRow(weight, eps, false));
    }

    /** The way back through {@link Kernels#layerNorm}; that of its bias is {@link #columnSums}. */
    public void layerNorm(Rows x, Rows weight, float eps, Gradient g, Rows dWeight) {
        norm(x, g, dWeight, new NormRow(weight, eps, true));
    }

    /**
     * What comes from above and what goes on below.
     *
     * @param dy gradient of an output
     * @param dx gradient of the input, written
     */
    public record Gradient(Rows dy, Rows dx) {}

    private void norm(Rows x, Gradient g, Rows dWeight, NormRow row) {
        same("norm: weight", row.weight(), 1, x.cols());
        same("norm: dy", g.dy(), x.rows(), x.cols());
        same("norm: dx", g.dx(), x.rows(), x.cols());
        sums(x.rows(), x.cols(), dWeight, (r, sum) -> row.back(x, g, r, sum));
    }

    /** y[c] = sum over rows of x[r, c]. @param y (1, cols) */
    public void columnSums(Rows x, Rows y) {
        same("columnSums: y", y, 1, x.cols());
        sums(x.rows(), x.cols(), y, (r, sum) -> {
            for (int i = 0; i < x.cols(); i += L) {
                int left = x.cols() - i;
                var total = Lanes.load(sum + 4L * i).add(Lanes.load(x.address(r) + 4L * i, left));
                Lanes.store(total, sum + 4L * i);
            }
        });
    }

    /** y[c] = sum over rows of a[r, c] * b[r, c]. @param y (1, cols) */
    public void productSums(Rows a, Rows b, Rows y) {
        same("productSums: b", b, a.rows(), a.cols());
        same("productSums: y", y, 1, a.cols());
        sums(a.rows(), a.cols(), y, (r, sum) -> {
            for (int i = 0; i < a.cols(); i += L) {
                int left = a.cols() - i;
                var factor = Lanes.load(b.address(r) + 4L * i, left);
                Lanes.store(
                        Lanes.load(a.address(r) + 4L * i, left).fma(factor, Lanes.load(sum + 4L * i)), sum + 4L * i);
            }
        });
    }

    private interface RowSum {
        /** @param sum address of sums that are to grow, with room for whole vectors */
        void add(int row, long sum);
    }

    /** Sums over rows, in parts; {@code y} without rows if nobody wants them. */
    private void sums(int rows, int cols, Rows y, RowSum task) {
        int parts = Math.ceilDiv(rows, PART);
        int room = Math.ceilDiv(cols, L) * L;
        var memory = scratch.take(4L * room * Math.max(1, parts));
        workers.run(parts, part -> {
            long sum = memory.address() + 4L * room * part;
            clear(sum, room);
            for (int r = part * PART; r < Math.min(rows, (part + 1) * PART); r++) {
                task.add(r, sum);
            }
        });
        if (y.rows() > 0) {
            addParts(memory.address(), parts, room, y);
        }
        scratch.give(memory);
    }

    private static void addParts(long first, int parts, int room, Rows y) {
        if (parts == 0) {
            clear(first, room);
        }
        for (int part = 1; part < parts; part++) {
            long sum = first + 4L * room * part;
            for (int i = 0; i < room; i += L) {
                Lanes.store(Lanes.load(first + 4L * i).add(Lanes.load(sum + 4L * i)), first + 4L * i);
            }
        }
        Lanes.copy(first, y.address(0), y.cols());
    }

    private static void clear(long at, int room) {
        for (int i = 0; i < room; i += L) {
            Lanes.store(Lanes.all(0), at + 4L * i);
        }
    }

    /**
     * Adds rows: {@code into[rows[i]] += factor * from[i]}. One after the other, since a row may come more than once.
     *
     * @param rows each within {@code into}
     */
    public void addRows(Rows from, int[] rows, float factor, Rows into) {
        same("addRows: from", from, rows.length, into.cols());
        for (int i = 0; i < rows.length; i++) {
            long source = from.address(i);
            long target = into.slice(rows[i], 1).address(0);
            for (int c = 0; c < into.cols(); c += L) {
                int left = into.cols() - c;
                var sum = Lanes.load(source + 4L * c, left).mul(factor).add(Lanes.load(target + 4L * c, left));
                Lanes.store(sum, target + 4L * c, left);
            }
        }
    }

    /** The way back through {@link Kernels#patches}. @param dImage every value is written once */
    public void patches(Rows dy, int channels, int patch, Rows dImage) {
        int across = dImage.cols() / patch;
        int height = dImage.rows() / channels;
        same("patches: dy", dy, height / patch * across, channels * patch * patch);
        workers.run(dy.rows(), p -> {
            int top = p / across * patch;
            int left = p % across * patch;
            for (int row = 0; row < channels * patch; row++) {
                long to = dImage.address(row / patch * height + top + row % patch) + 4L * left;
                Lanes.copy(dy.address(p) + 4L * row * patch, to, patch);
            }
        });
    }

    /** The way back through {@link Kernels#averagePool}. */
    public void averagePool(Rows dy, int pool, Rows dx) {
        int side = (int) Math.round(Math.sqrt(dx.rows()));
        int across = side / pool;
        same("averagePool: dy", dy, across * across, dx.cols());
        float share = 1f / (pool * pool);
        workers.run(dx.rows(), r -> {
            long from = dy.address(r / side / pool * across + r % side / pool);
            for (int c = 0; c < dx.cols(); c += L) {
                int left = dx.cols() - c;
                Lanes.store(Lanes.load(from + 4L * c, left).mul(share), dx.address(r) + 4L * c, left);
            }
        });
    }

    static void same(String what, Rows rows, int wantRows, int wantCols) {
        if (rows.rows() != wantRows || rows.cols() != wantCols) {
            throw new SizeException(
                    "%s: want %d x %d, got %d x %d".formatted(what, wantRows, wantCols, rows.rows(), rows.cols()));
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
