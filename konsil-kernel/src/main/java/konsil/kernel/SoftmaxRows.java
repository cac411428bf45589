package konsil.kernel;

import jdk.incubator.vector.VectorOperators;

/** The rows of attention's softmax, forth and back, as the gradients of attention need them. */
public final class SoftmaxRows {
    private static final int L = Lanes.COUNT;
    private static final int BLOCK = 4096;

    private SoftmaxRows() {}

    /**
     * Scores to probabilities of one row, in place: p = softmax(scale * s) over columns {@code from} to {@code to - 1},
     * zero elsewhere.
     */
    public static void forward(Rows scores, int row, float scale, int from, int to) {
        long at = scores.address(row);
        clear(at, 0, from);
        clear(at, to, scores.cols());
        if (from >= to) {
            return;
        }
        long x = at + 4L * from;
        int n = to - from;
        var most = Lanes.all(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i += L) {
            int left = n - i;
            var s = Lanes.load(x + 4L * i, left).mul(scale);
            most = most.max(Lanes.fill(s, left, Float.NEGATIVE_INFINITY));
        }
        float largest = most.reduceLanes(VectorOperators.MAX);
        var sums = Lanes.all(0);
        for (int i = 0; i < n; i += L) {
            int left = n - i;
            var e = VectorMath.expOfNegative(
                    Lanes.load(x + 4L * i, left).mul(scale).sub(largest));
            Lanes.store(e, x + 4L * i, left);
            sums = sums.add(Lanes.fill(e, left, 0));
        }
        float inverse = 1 / VectorMath.sum(sums);
        for (int i = 0; i < n; i += L) {
            int left = n - i;
            Lanes.store(Lanes.load(x + 4L * i, left).mul(inverse), x + 4L * i, left);
        }
    }

    /**
     * log(sum(exp(x))) of a row; sums are in double, of blocks of {@value #BLOCK} columns.
     *
     * @param row with at least one column
     */
    public static double logSum(Rows x, int row) {
        long at = x.address(row);
        int n = x.cols();
        var most = Lanes.all(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i += L) {
            int left = n - i;
            most = most.max(Lanes.fill(Lanes.load(at + 4L * i, left), left, Float.NEGATIVE_INFINITY));
        }
        float largest = most.reduceLanes(VectorOperators.MAX);
        double sum = 0;
        for (int from = 0; from < n; from += BLOCK) {
            var sums = Lanes.all(0);
            for (int i = from; i < Math.min(n, from + BLOCK); i += L) {
                int left = n - i;
                var e = VectorMath.expOfNegative(Lanes.load(at + 4L * i, left).sub(largest));
                sums = sums.add(Lanes.fill(e, left, 0));
            }
            sum += VectorMath.sum(sums);
        }
        return largest + Math.log(sum);
    }

    /** y = factor * exp(x - logSum), a row's softmax when {@code logSum} is its {@link #logSum}; in place allowed. */
    public static void probabilities(Rows x, int row, double logSum, float factor, Rows y) {
        GradientKernels.same("probabilities: y", y, x.rows(), x.cols());
        long from = x.address(row);
        long to = y.address(row);
        for (int i = 0; i < x.cols(); i += L) {
            int left = x.cols() - i;
            var exponent = Lanes.load(from + 4L * i, left).sub((float) logSum).min(0);
            Lanes.store(VectorMath.expOfNegative(exponent).mul(factor), to + 4L * i, left);
        }
    }

    private static void clear(long row, int from, int to) {
        for (int i = from; i < to; i += L) {
            Lanes.store(Lanes.all(0), row + 4L * i, to - i);
        }
    }

    /**
     * Gradients of probabilities to those of scores, in place: ds = scale * p * (dp - sum(p dp)).
     *
     * @param p what {@link #forward} made
     * @param dp same shape
     */
    public static void back(Rows p, Rows dp, int row, float scale) {
        GradientKernels.same("softmax: dp", dp, p.rows(), p.cols());
        long probabilities = p.address(row);
        long gradients = dp.address(row);
        int n = p.cols();
        var sums = Lanes.all(0);
        for (int i = 0; i < n; i += L) {
            int left = n - i;
            sums = Lanes.load(probabilities + 4L * i, left).fma(Lanes.load(gradients + 4L * i, left), sums);
        }
        float sum = VectorMath.sum(sums);
        for (int i = 0; i < n; i += L) {
            int left = n - i;
            var ds = Lanes.load(gradients + 4L * i, left)
                    .sub(sum)
                    .mul(Lanes.load(probabilities + 4L * i, left))
                    .mul(scale);
            Lanes.store(ds, gradients + 4L * i, left);
        }
    }

    /**
     * Caps scores, in place, as {@link AttentionShape#softCap}: s becomes cap * tanh(scale * s / cap).
     *
     * @param slopes same shape, written: the derivative, 1 - tanh^2, without scale
     */
    public static void cap(Rows scores, int row, float scale, float cap, Rows slopes) {
        GradientKernels.same("cap: slopes", slopes, scores.rows(), scores.cols());
        long x = scores.address(row);
        long slope = slopes.address(row);
        for (int i = 0; i < scores.cols(); i += L) {
            int left = scores.cols() - i;
            var tanh = VectorMath.tanh(Lanes.load(x + 4L * i, left).mul(scale / cap));
            Lanes.store(tanh.mul(cap), x + 4L * i, left);
            Lanes.store(Lanes.all(1).sub(tanh.mul(tanh)), slope + 4L * i, left);
        }
    }
}
