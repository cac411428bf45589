package konsil.train;

import konsil.kernel.Rows;
import konsil.kernel.Transposition;
import konsil.kernel.WeightFormat;
import konsil.tensor.Tensor;

/** The two products on the way back through y = W x: with W transposed, and of the gradient with x. */
final class Products {
    /** Bytes of a transposed part of a packed matrix. */
    private static final long PART_BYTES = 32L << 20;

    /** Rows of a packed matrix in one part. */
    private static final int PART_ROWS = 1 << 14;

    private static final int WIDTH = 32;

    private final TrainingEngine engine;
    private final Transposition transposition;

    Products(TrainingEngine engine) {
        this.engine = engine;
        this.transposition = new Transposition(engine.workers());
    }

    Transposition transposition() {
        return transposition;
    }

    /**
     * dx = dy W.
     *
     * @param dy (rows, out)
     * @param weight (out, in) or more sizes, plain or packed
     * @param dx (rows, in), written
     */
    void below(Rows dy, Tensor weight, Rows dx) {
        if (weight.isPacked()) {
            belowPacked(dy, weight, dx);
            return;
        }
        try (var _ = engine.workspace().mark()) {
            Rows w = weight.matrix();
            var transposed = engine.workspace().weights(WeightFormat.F32, w.cols(), w.rows());
            transposition.pack(w, transposed);
            engine.kernels().matmul(dy, transposed, dx);
        }
    }

    /** Part by part, since the matrix in f32 may be larger than all else. */
    private void belowPacked(Rows dy, Tensor weight, Rows dx) {
        int out = dy.cols();
        int in = dx.cols();
        for (int row = 0; row < out; row += PART_ROWS) {
            int rows = Math.min(PART_ROWS, out - row);
            int most = (int) Math.max(WIDTH, PART_BYTES / 4 / rows / WIDTH * WIDTH);
            for (int col = 0; col < in; col += most) {
                int cols = Math.min(most, in - col);
                part(dy.columns(row, rows), weight, new Part(row, col), dx.columns(col, cols));
            }
        }
    }

    private record Part(int row, int col) {}

    private void part(Rows dy, Tensor weight, Part part, Rows dx) {
        try (var _ = engine.workspace().mark()) {
            var transposed = engine.workspace().weights(WeightFormat.F32, dx.cols(), dy.cols());
            transposition.pack(weight.packed(), part.row(), part.col(), transposed);
            if (part.row() == 0) {
                engine.kernels().matmul(dy, transposed, dx);
            } else {
                Rows more = engine.workspace().rows(dx.rows(), dx.cols());
                engine.kernels().matmul(dy, transposed, more);
                engine.kernels().add(dx, more, dx);
            }
        }
    }

    /**
     * dW = dy^T x.
     *
     * @param dy (rows, out)
     * @param x (rows, in); rows may overlap
     * @param dWeight (out, in), written
     */
    void weight(Rows dy, Rows x, Rows dWeight) {
        try (var _ = engine.workspace().mark()) {
            Rows turned = engine.workspace().rows(dy.cols(), dy.rows());
            transposition.transpose(dy, turned);
            var packed = engine.workspace().weights(WeightFormat.F32, x.cols(), x.rows());
            transposition.pack(x, packed);
            engine.kernels().matmul(turned, packed, dWeight);
        }
    }
}
