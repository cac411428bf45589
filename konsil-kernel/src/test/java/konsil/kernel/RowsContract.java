package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations whose result depends on a whole row, and rotations of its heads. */
interface RowsContract extends ContractFixture {
    /** Rows, columns. */
    private static int[][] sizes() {
        return new int[][] {{0, 5}, {1, 1}, {3, 7}, {7, 31}, {1, 33}, {33, 64}, {2, 100}, {5, 2560}, {1, 4097}};
    }

    @FunctionalInterface
    interface Op {
        void run(Kernels kernels, Rows x, Rows y);
    }

    /** Against the reference, one row against many, one thread against two, in place against not. */
    private void check(Op op, Rows x, double tolerance) {
        var expected = matrices().outputs(x.rows(), x.cols());
        var y = matrices().outputs(x.rows(), x.cols(), x.cols() + 3);
        op.run(reference(), x, expected);
        op.run(shared(), x, y);
        Matrices.assertNear(y, expected, tolerance);
        Matrices.assertGapsUntouched(y);
        for (int r = 0; r < x.rows(); r++) {
            var single = matrices().outputs(1, x.cols());
            op.run(alone(), x.slice(r, 1), single);
            Matrices.assertSameBits(single, y.slice(r, 1));
        }
        var copy = matrices().copy(x);
        op.run(alone(), copy, copy);
        Matrices.assertSameBits(copy, y);
    }

    /** x / rms is at most sqrt(cols), the sum of squares is off by sqrt(cols) roundings, weights are below 1. */
    @ParameterizedTest
    @ValueSource(floats = {1, 1e15f, 1e-15f, 1e-42f, 0})
    default void normsAgreeWithTheReference(float factor) {
        for (var size : sizes()) {
            int cols = size[1];
            var x = matrices().uniform(size[0], cols, cols + 1);
            reference().scale(x, factor, x);
            var weight = matrices().uniform(1, cols);
            var bias = matrices().uniform(1, cols);
            double tolerance = ROUNDING * (4 * Math.sqrt(cols) + 8);
            check((k, in, out) -> k.rmsNorm(in, weight, 1e-6f, out), x, tolerance);
            check((k, in, out) -> k.layerNorm(in, weight, bias, 1e-5f, out), x, tolerance + 16 * ROUNDING);
        }
    }

    /** A mean far from zero: the variance must not be lost in the difference of two large sums. */
    @Test
    default void layerNormKeepsASmallVarianceBesideALargeMean() {
        var x = matrices().uniform(3, 1000);
        reference().add(x, matrices().filled(3, 1000, 1000), x);
        var ones = matrices().filled(1, 1000, 1);
        var zeros = matrices().filled(1, 1000, 0);
        // the mean of 1000 values near 1000 is off by some roundings of it, as is each difference
        check((k, in, out) -> k.layerNorm(in, ones, zeros, 1e-6f, out), x, 16 * 1000 * ROUNDING);
    }

    @Test
    default void softmaxAgreesWithTheReference() {
        for (var size : sizes()) {
            for (float factor : new float[] {1, 30, 1e4f, 0}) {
                var x = matrices().uniform(size[0], size[1], size[1] + 2);
                reference().scale(x, factor, x);
                // exp of a difference is off by the rounding of the difference, at most 2 factor, and a few of its own
                double tolerance = ROUNDING * (2 * factor + 2 * Math.sqrt(size[1]) + 16);
                check(Kernels::softmax, x, Math.min(tolerance, 1e-3));
                check(Kernels::logSoftmax, x, tolerance + 4 * factor * ROUNDING);
            }
        }
    }

    @Test
    default void softmaxOfInfinities() {
        var x = matrices().uniform(3, 40);
        x.set(0, 33, Float.NEGATIVE_INFINITY);
        x.set(1, 2, Float.POSITIVE_INFINITY);
        var y = matrices().outputs(3, 40);
        shared().softmax(x, y);
        assertThat(y.get(0, 33)).isZero();
        assertThat(y.get(0, 0)).isPositive();
        assertThat(y.get(1, 2)).isNaN();
        var lost = matrices().filled(1, 40, Float.NEGATIVE_INFINITY);
        shared().softmax(lost, lost);
        assertThat(lost.get(0, 0)).isNaN();
        assertThat(lost.get(0, 39)).isNaN();
        shared().logSoftmax(x, y);
        assertThat(y.get(0, 33)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(y.get(0, 0)).isFinite();
    }

    @Test
    default void aNanSpoilsItsOwnRowAlone() {
        var x = matrices().uniform(3, 70);
        x.set(1, 65, Float.NaN);
        var weight = matrices().filled(1, 70, 1);
        for (Op op : new Op[] {
            Kernels::softmax,
            Kernels::logSoftmax,
            (k, in, out) -> k.rmsNorm(in, weight, 1e-6f, out),
            (k, in, out) -> k.layerNorm(in, weight, weight, 1e-6f, out)
        }) {
            var y = matrices().outputs(3, 70);
            op.run(shared(), x, y);
            for (int r = 0; r < 3; r++) {
                for (int c = 0; c < 70; c++) {
                    assertThat(Float.isNaN(y.get(r, c))).isEqualTo(r == 1);
                }
            }
        }
    }

    @Test
    default void ropeAgreesWithTheReference() {
        for (int headDim : new int[] {2, 14, 32, 34, 72, 256}) {
            for (int rows : new int[] {0, 1, 9}) {
                var x = matrices().uniform(rows, 3 * headDim, 3 * headDim + 1);
                var cos = matrices().uniform(rows, headDim / 2, headDim);
                var sin = matrices().uniform(rows, headDim / 2);
                var expected = matrices().outputs(rows, 3 * headDim);
                var y = matrices().outputs(rows, 3 * headDim, 3 * headDim + 5);
                reference().rope(x, headDim, cos, sin, expected);
                shared().rope(x, headDim, cos, sin, y);
                Matrices.assertNear(y, expected, 4 * ROUNDING); // two products and a sum, some may be fused
                Matrices.assertGapsUntouched(y);
                alone().rope(x, headDim, cos, sin, x);
                Matrices.assertSameBits(x, y);
            }
        }
    }

    @Test
    default void argmaxIsTheFirstOfTheLargest() {
        for (int cols : new int[] {1, 7, 31, 33, 64, 4097}) {
            var x = matrices().uniform(6, cols, cols + 1);
            for (int c = 0; c < cols; c++) {
                x.set(1, c, c >= cols / 2 ? 2 : 1); // the second half is equal
                x.set(2, c, Float.NEGATIVE_INFINITY);
                x.set(5, c, c % 2 == 0 ? -0f : 0f); // equal as well
            }
            x.set(3, cols / 3, Float.NaN);
            x.set(3, cols - 1, Float.NaN);
            x.set(4, cols - 1, Float.POSITIVE_INFINITY);
            var got = new int[6];
            var want = new int[6];
            shared().argmax(x, got);
            reference().argmax(x, want);
            assertThat(got).containsExactly(want);
            assertThat(got).containsExactly(want[0], cols / 2, 0, cols / 3, cols - 1, 0);
        }
        shared().argmax(matrices().uniform(0, 5), new int[0]);
    }
}
