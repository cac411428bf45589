package konsil.kernel;

/**
 * Transposed matrices, as gradients need them. The layout of F32 weights holds 32 numbers of one column of the matrix
 * side by side, which are 32 numbers of one row of its transpose: to pack a transposed matrix is to copy.
 */
public final class Transposition {
    private static final int WIDTH = 32;
    private static final int BLOCK = 16;

    private final Workers workers;

    public Transposition(Workers workers) {
        this.workers = workers;
    }

    /**
     * Packs the transpose of a matrix.
     *
     * @param w (in, out), rows may overlap
     * @param into F32, (out, in)
     */
    public void pack(Rows w, PackedWeights into) {
        check(into, w.cols(), w.rows());
        workers.run(WeightFormat.F32.groups(into.out()), group -> {
            int col = group * WIDTH;
            int width = Math.min(WIDTH, w.cols() - col);
            long to = into.data().address() + group * WeightFormat.F32.groupBytes(into.in());
            for (int row = 0; row < w.rows(); row++, to += 4 * WIDTH) {
                Lanes.copy(w.address(row) + 4L * col, to, width);
                clear(to + 4L * width, WIDTH - width);
            }
            clear(to, WIDTH * (WeightFormat.paddedColumns(into.in()) - into.in()));
        });
    }

    private static void clear(long at, int floats) {
        for (int i = 0; i < floats; i++) {
            RawMemory.setFloat(at + 4L * i, 0);
        }
    }

    /**
     * Packs the transpose of a part of a packed matrix, in f32.
     *
     * @param from any format
     * @param row first row of the part
     * @param col first column of the part, a multiple of 32
     * @param into F32, (columns of the part, rows of the part)
     */
    public void pack(PackedWeights from, int row, int col, PackedWeights into) {
        if (into.format() != WeightFormat.F32
                || row < 0
                || col < 0
                || col % WIDTH != 0
                || row + (long) into.in() > from.out()
                || col + (long) into.out() > from.in()) {
            throw new SizeException("transpose: %d x %d from (%d, %d) of %d x %d, into %s"
                    .formatted(into.in(), into.out(), row, col, from.out(), from.in(), into.format()));
        }
        workers.run(WeightFormat.F32.groups(into.out()), group -> {
            int first = col + group * WIDTH;
            int width = Math.min(WIDTH, col + into.out() - first);
            long to = into.data().address() + group * WeightFormat.F32.groupBytes(into.in());
            for (int r = row; r < row + into.in(); r++, to += 4 * WIDTH) {
                WeightPacker.unpackBlock(from, r, first, first + width, to - 4L * first);
                clear(to + 4L * width, WIDTH - width);
            }
            clear(to, WIDTH * (WeightFormat.paddedColumns(into.in()) - into.in()));
        });
    }

    private static void check(PackedWeights into, int out, int in) {
        if (into.format() != WeightFormat.F32 || into.out() != out || into.in() != in) {
            throw new SizeException("transpose: want F32 weights %d x %d, got %s %d x %d"
                    .formatted(out, in, into.format(), into.out(), into.in()));
        }
    }

    /** y[c, r] = x[r, c]. @param y not the same memory */
    public void transpose(Rows x, Rows y) {
        if (y.rows() != x.cols() || y.cols() != x.rows()) {
            throw new SizeException(
                    "transpose: %d x %d into %d x %d".formatted(x.rows(), x.cols(), y.rows(), y.cols()));
        }
        workers.run(Math.ceilDiv(y.rows(), BLOCK), block -> {
            int end = Math.min(y.rows(), (block + 1) * BLOCK);
            long step = 4L * x.stride();
            for (int from = 0; from < x.rows(); from += BLOCK) {
                int count = Math.min(BLOCK, x.rows() - from);
                for (int c = block * BLOCK; c < end; c++) {
                    turn(x.address(from) + 4L * c, step, y.address(c) + 4L * from, count);
                }
            }
        });
    }

    private static void turn(long from, long step, long to, int count) {
        for (int i = 0; i < count; i++) {
            RawMemory.setFloat(to + 4L * i, RawMemory.getFloat(from + step * i));
        }
    }
}
