package konsil.kernel;

import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;

/** Derivatives of activations, times what comes from above. */
final class Slopes {
    private static final int L = Lanes.COUNT;
    private static final float SQRT_2_BY_PI = 0.797884561f;
    private static final float LINEAR = 2 * SQRT_2_BY_PI;
    private static final float CUBE = 2 * SQRT_2_BY_PI * 0.044715f;

    private Slopes() {}

    /** y = f'(a) * b. */
    static VectorElements.Span of(Activation f) {
        return switch (f) {
            case GELU_TANH -> Slopes::geluTanh;
            case SILU -> Slopes::silu;
            case SIGMOID -> Slopes::sigmoid;
            case RELU -> Slopes::relu;
        };
    }

    private static void geluTanh(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            var x = Lanes.load(a + 4L * i);
            var square = x.mul(x);
            var s = VectorMath.sigmoid(square.mul(CUBE).add(LINEAR).mul(x));
            var inner = square.mul(3 * CUBE).add(LINEAR);
            var slope = rising(s).mul(x).mul(inner).add(s);
            Lanes.store(slope.mul(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }

    private static void silu(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            var x = Lanes.load(a + 4L * i);
            var s = VectorMath.sigmoid(x);
            Lanes.store(rising(s).fma(x, s).mul(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }

    private static void sigmoid(long a, long b, long y, int n) {
        for (int i = 0; i < n; i += L) {
            var s = VectorMath.sigmoid(Lanes.load(a + 4L * i));
            Lanes.store(rising(s).mul(Lanes.load(b + 4L * i)), y + 4L * i);
        }
    }

    private static void relu(long a, long b, long y, int n) {
        var zero = Lanes.all(0);
        for (int i = 0; i < n; i += L) {
            var open = Lanes.load(a + 4L * i).compare(GT, 0);
            Lanes.store(zero.blend(Lanes.load(b + 4L * i), open), y + 4L * i);
        }
    }

    /** The slope of a sigmoid whose value is s. */
    private static FloatVector rising(FloatVector s) {
        return s.sub(s.mul(s));
    }
}
