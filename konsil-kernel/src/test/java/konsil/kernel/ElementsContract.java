package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operations on each element by itself, and number formats. */
interface ElementsContract extends ContractFixture {
    /** Rows, columns. */
    private static int[][] sizes() {
        return new int[][] {{0, 3}, {4, 0}, {1, 1}, {3, 7}, {2, 31}, {7, 33}, {3, 64}, {1, 4097}, {40, 1000}};
    }

    /** Sums and products of two numbers are rounded once by everybody, so they are the same to the bit. */
    @Test
    default void sumsAndProductsAreExact() {
        for (var size : sizes()) {
            int cols = size[1];
            var a = matrices().uniform(size[0], cols, cols + 1);
            var b = matrices().uniform(size[0], cols);
            var bias = matrices().uniform(1, cols);
            exact(a, (k, y) -> k.add(a, b, y));
            exact(a, (k, y) -> k.addBias(a, bias, y));
            exact(a, (k, y) -> k.scale(a, 0.3f, y));
        }
    }

    @FunctionalInterface
    interface Into {
        void run(Kernels kernels, Rows y);
    }

    /** The last run is in place. */
    private void exact(Rows x, Into op) {
        var expected = matrices().outputs(x.rows(), x.cols());
        var y = matrices().outputs(x.rows(), x.cols(), x.cols() + 2);
        op.run(reference(), expected);
        op.run(shared(), y);
        Matrices.assertSameBits(y, expected);
        Matrices.assertGapsUntouched(y);
        op.run(alone(), x);
        Matrices.assertSameBits(x, expected);
    }

    /** Both sides are within a few roundings of the function, whose value is at most the argument or 1. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    default void activationsAgreeWithTheReference(Activation f) {
        for (float range : new float[] {1, 20, 200}) {
            for (var size : sizes()) {
                int cols = size[1];
                var x = matrices().uniform(size[0], cols, cols + 1);
                reference().scale(x, range, x);
                var up = matrices().uniform(size[0], cols);
                double tolerance = 8 * ROUNDING * Math.max(1, range);
                near(x, tolerance, (k, y) -> k.activate(f, x, y));
                near(x, tolerance, (k, y) -> k.gate(f, x, up, y));
                gateInPlace(f, x, up);
            }
        }
    }

    private void near(Rows like, double tolerance, Into op) {
        var expected = matrices().outputs(like.rows(), like.cols());
        var y = matrices().outputs(like.rows(), like.cols(), like.cols() + 2);
        op.run(reference(), expected);
        op.run(shared(), y);
        Matrices.assertNear(y, expected, tolerance);
        Matrices.assertGapsUntouched(y);
    }

    private void gateInPlace(Activation f, Rows gate, Rows up) {
        var y = matrices().outputs(up.rows(), up.cols());
        shared().gate(f, gate, up, y);
        var inGate = matrices().copy(gate);
        alone().gate(f, inGate, up, inGate);
        Matrices.assertSameBits(inGate, y);
        var inUp = matrices().copy(up);
        alone().gate(f, gate, inUp, inUp);
        Matrices.assertSameBits(inUp, y);
        var x = matrices().copy(gate);
        shared().activate(f, gate, y);
        alone().activate(f, x, x);
        Matrices.assertSameBits(x, y);
    }

    @Test
    default void activationsOfExtremes() {
        float inf = Float.POSITIVE_INFINITY;
        float[] values = {-inf, -1e30f, -100, -1e-40f, -0f, 0, 1e-40f, 100, 1e30f, inf, Float.NaN};
        var x = matrices().outputs(1, values.length);
        for (int i = 0; i < values.length; i++) {
            x.set(0, i, values[i]);
        }
        for (var f : Activation.values()) {
            var y = matrices().outputs(1, values.length);
            var expected = matrices().outputs(1, values.length);
            shared().activate(f, x, y);
            reference().activate(f, x, expected);
            for (int i = 0; i < values.length; i++) {
                float want = expected.get(0, i);
                float got = y.get(0, i);
                // beyond exp's range a result below the smallest normal number may be zero
                assertThat(Float.compare(got, want) == 0 || Math.abs(got - want) <= 4 * Float.MIN_NORMAL)
                        .as("%s(%s): want %s, got %s", f, values[i], want, got)
                        .isTrue();
            }
        }
    }

    @Test
    default void bf16IsRoundedToNearestEven() {
        for (var size : sizes()) {
            var x = matrices().uniform(size[0], size[1], size[1] + 1);
            if (size[0] > 0 && size[1] >= 31) {
                float[] special = {Float.NaN, Float.POSITIVE_INFINITY, -0f, 1e-40f, Float.MAX_VALUE, 1 + 0x1p-8f};
                for (int i = 0; i < special.length; i++) {
                    x.set(0, 25 + i, special[i]);
                }
                x.set(0, 3, Float.intBitsToFloat(0x7f800001));
            }
            var y = matrices().bytes(2L * size[0] * size[1]);
            shared().toBf16(x, y);
            var back = matrices().outputs(size[0], size[1], size[1] + 1);
            shared().fromBf16(y, back);
            for (int r = 0; r < size[0]; r++) {
                for (int c = 0; c < size[1]; c++) {
                    assertThat(Float.compare(back.get(r, c), Bf16.round(x.get(r, c))))
                            .isZero();
                }
            }
            Matrices.assertGapsUntouched(back);
        }
    }

    @Test
    default void quantisesAsItSays() {
        for (var size : sizes()) {
            for (float factor : new float[] {1, 1e30f, 1e-29f, 1e-31f, 1e-42f, 0}) {
                var x = matrices().uniform(size[0], size[1], size[1] + 1);
                reference().scale(x, factor, x);
                quantised(x);
            }
        }
    }

    private void quantised(Rows x) {
        int blocks = Math.ceilDiv(x.cols(), 32);
        var values = matrices().bytes(32L * blocks * x.rows());
        values.fill((byte) 0x55);
        var scales = matrices().outputs(x.rows(), blocks, blocks + 1);
        shared().quantise(x, values, scales);
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < 32 * blocks; c++) {
                float largest = largest(x, r, c / 32 * 32);
                float value = c < x.cols() && largest >= 0x1p-100f ? x.get(r, c) : 0;
                assertThat(at(values, (long) r * 32 * blocks + c)).isEqualTo((byte) Math.rint(value * (127 / largest)));
                assertThat(scales.get(r, c / 32)).isEqualTo(largest >= 0x1p-100f ? largest / 127 : 0);
            }
        }
        Matrices.assertGapsUntouched(scales);
    }

    private static byte at(MemorySegment values, long index) {
        return values.get(ValueLayout.JAVA_BYTE, index);
    }

    private static float largest(Rows x, int row, int from) {
        float largest = 0;
        for (int c = from; c < Math.min(x.cols(), from + 32); c++) {
            largest = Math.max(largest, Math.abs(x.get(row, c)));
        }
        return largest;
    }

    /** The nearest even integer where two are equally near. */
    @Test
    default void quantisesTiesToEven() {
        var x = matrices().filled(1, 32, 0);
        float[] values = {127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 126.5f};
        for (int i = 0; i < values.length; i++) {
            x.set(0, i, values[i]);
        }
        quantised(x);
    }

    @Test
    default void aBadNumberMakesTheScaleOfItsBlockBad() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            var x = matrices().uniform(1, 96);
            x.set(0, 40, bad);
            var scales = matrices().outputs(1, 3);
            shared().quantise(x, matrices().bytes(96), scales);
            assertThat(scales.get(0, 0)).isFinite();
            assertThat(Float.isFinite(scales.get(0, 1))).isFalse();
            assertThat(scales.get(0, 2)).isFinite();
        }
    }
}
