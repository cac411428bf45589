package konsil.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Functions of vectors. They are polynomials of our own and not the Vector API's, whose results differ in the last bits
 * between the interpreter and compiled code; these are the same always and at every width.
 */
final class VectorMath {
    /** Below this, exp is smaller than the smallest normal number, and zero here. */
    private static final float LEAST = -87.33f;

    private static final FloatVector LOG2_E = Lanes.all(1.442695041f);

    /** Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits. */
    private static final FloatVector ROUND = Lanes.all(0x1.8p23f);

    /** Minus ln 2 in two parts; the first has so few bits that its products with integers are exact. */
    private static final FloatVector LN2_HIGH = Lanes.all(-0x1.62ep-1f);

    private static final FloatVector LN2_LOW = Lanes.all(-0x1.0bfbe8p-15f);

    /** Coefficients of Taylor's series: |r| <= ln 2 / 2, where the next term, r^8 / 8!, is 5e-9. */
    private static final FloatVector C7 = Lanes.all(1 / 5040f);

    private static final FloatVector C6 = Lanes.all(1 / 720f);
    private static final FloatVector C5 = Lanes.all(1 / 120f);
    private static final FloatVector C4 = Lanes.all(1 / 24f);
    private static final FloatVector C3 = Lanes.all(1 / 6f);
    private static final FloatVector C2 = Lanes.all(0.5f);
    private static final FloatVector ONE = Lanes.all(1);

    private static final int ONE_BITS = 0x3f80_0000;

    private static final float SQRT_2_BY_PI = 0.797884561f;
    private static final FloatVector GELU_CUBE = Lanes.all(2 * SQRT_2_BY_PI * 0.044715f);
    private static final FloatVector GELU_LINEAR = Lanes.all(2 * SQRT_2_BY_PI);

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private VectorMath() {}

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.iota(Lanes.F, by, 1, true);
    }

    /** The sum of the lanes; unlike the Vector API's, always added in the same order. */
    static float sum(FloatVector v) {
        var sum = v;
        if (Lanes.COUNT > 8) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (Lanes.COUNT > 4) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        sum = sum.add(sum.rearrange(BY_2));
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    /** e^x for x <= 0 or NaN, within 1.5 roundings; zero where that is not a normal number. */
    static FloatVector expOfNegative(FloatVector x) {
        var shifted = x.fma(LOG2_E, ROUND);
        var n = shifted.sub(ROUND);
        var r = n.fma(LN2_LOW, n.fma(LN2_HIGH, x));
        var p = r.fma(C7, C6)
                .fma(r, C5)
                .fma(r, C4)
                .fma(r, C3)
                .fma(r, C2)
                .fma(r, ONE)
                .fma(r, ONE);
        var power =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(ONE_BITS);
        return p.mul(power.reinterpretAsFloats()).blend(0, x.compare(VectorOperators.LT, LEAST));
    }

    /** 1 / (1 + e^-x). */
    static FloatVector sigmoid(FloatVector x) {
        var e = expOfNegative(x.abs().neg());
        var numerator = e.blend(1, x.compare(VectorOperators.GE, 0));
        return numerator.div(e.add(ONE));
    }

    static FloatVector silu(FloatVector x) {
        return x.mul(sigmoid(x));
    }

    /** 0.5 (1 + tanh(u)) is the sigmoid of 2 u. */
    static FloatVector geluTanh(FloatVector x) {
        return x.mul(sigmoid(x.mul(x).fma(GELU_CUBE, GELU_LINEAR).mul(x)));
    }

    /** max(x, 0); NaN stays NaN. */
    static FloatVector relu(FloatVector x) {
        return x.blend(0, x.compare(VectorOperators.LE, 0));
    }

    static FloatVector tanh(FloatVector x) {
        var e = expOfNegative(x.abs().mul(-2));
        var magnitude = ONE.sub(e).div(e.add(ONE));
        return magnitude.blend(magnitude.neg(), x.compare(VectorOperators.LT, 0));
    }
}
