package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Convolutions over time, patches of an image, pooling. */
interface ConvolutionContract extends ContractFixture {
    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    default void conv1dAgreesWithTheReference(WeightFormat format) {
        // times, channels, kernel, stride, out
        for (var size : new int[][] {{5, 3, 5, 1, 4}, {40, 8, 5, 2, 33}, {33, 64, 3, 3, 17}, {20, 1, 10, 5, 1}}) {
            int times = (size[0] - size[2]) / size[3] + 1;
            var x = matrices().uniform(size[0], size[1]);
            var w = matrices().packed(format, size[4], size[2] * size[1]);
            var y = matrices().outputs(times, size[4], size[4] + 3);
            var expected = matrices().outputs(times, size[4]);
            reference().conv1d(x, w, size[3], expected);
            shared().conv1d(x, w, size[3], y);
            Matrices.assertNear(y, expected, MatmulContract.tolerance(w.in()));
            Matrices.assertGapsUntouched(y);
        }
    }

    /** A kernel that picks one channel of its middle tap. */
    @Test
    default void conv1dOfOneTapShifts() {
        var x = matrices().uniform(9, 4);
        var taps = matrices().filled(1, 12, 0);
        taps.set(0, 1 * 4 + 2, 1);
        var y = matrices().outputs(4, 1);
        shared().conv1d(x, matrices().packed(WeightFormat.F32, taps), 2, y);
        for (int t = 0; t < 4; t++) {
            assertThat(y.get(t, 0)).isEqualTo(x.get(2 * t + 1, 2));
        }
    }

    @Test
    default void depthwiseConv1dAgreesWithTheReference() {
        // times, channels, kernel, left
        for (var size : new int[][] {
            {0, 5, 3, 1}, {1, 1, 1, 0}, {7, 31, 3, 2}, {50, 33, 32, 15}, {4, 64, 9, 4}, {3, 17, 5, 9}, {6, 8, 0, 0}
        }) {
            int channels = size[1];
            var x = matrices().uniform(size[0], channels, channels + 1);
            var taps = matrices().uniform(size[2], channels, channels + 2);
            var y = matrices().outputs(size[0], channels, channels + 3);
            var expected = matrices().outputs(size[0], channels);
            reference().depthwiseConv1d(x, taps, size[3], expected);
            shared().depthwiseConv1d(x, taps, size[3], y);
            Matrices.assertNear(y, expected, MatmulContract.tolerance(size[2]));
            Matrices.assertGapsUntouched(y);
            var one = matrices().outputs(size[0], channels);
            alone().depthwiseConv1d(x, taps, size[3], one);
            Matrices.assertSameBits(one, y);
        }
    }

    /** Left padding of kernel - 1 is causal: a later time changes nothing, and zeros stand before the first. */
    @Test
    default void depthwiseConv1dReachesAsFarAsItsTaps() {
        var x = matrices().filled(6, 20, 0);
        for (int c = 0; c < 20; c++) {
            x.set(2, c, 1);
        }
        x.set(5, 3, Float.NaN);
        var taps = matrices().uniform(3, 20);
        var y = matrices().outputs(6, 20);
        shared().depthwiseConv1d(x, taps, 2, y);
        for (int c = 0; c < 20; c++) {
            assertThat(y.get(1, c)).isZero();
            assertThat(y.get(2, c)).isEqualTo(taps.get(2, c));
            assertThat(y.get(3, c)).isEqualTo(taps.get(1, c));
            assertThat(y.get(4, c)).isEqualTo(taps.get(0, c));
        }
        assertThat(y.get(5, 3)).isNaN();
    }

    @Test
    default void patchesAreCopied() {
        // channels, height, width, patch
        for (var size : new int[][] {{3, 28, 42, 14}, {1, 4, 6, 2}, {2, 5, 3, 1}, {3, 34, 17, 17}, {2, 0, 4, 2}}) {
            int across = size[2] / size[3];
            int patch = size[3];
            var image = matrices().uniform(size[0] * size[1], size[2], size[2] + 1);
            var y = matrices().outputs(size[1] / patch * across, size[0] * patch * patch, size[0] * patch * patch + 1);
            shared().patches(image, size[0], patch, y);
            for (int r = 0; r < y.rows(); r++) {
                for (int c = 0; c < y.cols(); c++) {
                    int plane = c / (patch * patch);
                    int row = r / across * patch + c % (patch * patch) / patch;
                    float want = image.get(plane * size[1] + row, r % across * patch + c % patch);
                    assertThat(y.get(r, c)).isEqualTo(want);
                }
            }
            Matrices.assertGapsUntouched(y);
        }
    }

    /** Sums of pool * pool values below 1. */
    @Test
    default void averagePoolAgreesWithTheReference() {
        // side, pool, dim
        for (var size : new int[][] {{4, 2, 7}, {6, 3, 33}, {8, 4, 64}, {3, 1, 5}, {5, 5, 100}, {0, 2, 4}}) {
            int side = size[0] / size[1];
            var x = matrices().uniform(size[0] * size[0], size[2], size[2] + 1);
            var y = matrices().outputs(side * side, size[2], size[2] + 1);
            var expected = matrices().outputs(side * side, size[2]);
            reference().averagePool(x, size[1], expected);
            shared().averagePool(x, size[1], y);
            Matrices.assertNear(y, expected, MatmulContract.tolerance(size[1] * size[1]));
            Matrices.assertGapsUntouched(y);
        }
    }
}
