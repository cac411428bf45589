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

    /** Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits. */
    private static final float ROUND = 0x1.8p23f;

    private static final float LOG2_E = 1.442695041f;

    /** ln 2 in two parts; the first has so few bits that its products with integers are exact. */
    private static final float LN2_HIGH = 0x1.62ep-1f;

    private static final float LN2_LOW = 0x1.0bfbe8p-15f;
    private static final float SQRT_2_BY_PI = 0.797884561f;
    private static final float GELU_CUBE = 0.044715f;

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
        var shifted = x.fma(Lanes.all(LOG2_E), Lanes.all(ROUND));
        var n = shifted.sub(ROUND);
        var r = n.fma(Lanes.all(-LN2_HIGH), x);
        r = n.fma(Lanes.all(-LN2_LOW), r);
        // Taylor's series: |r| <= ln 2 / 2, where the next term, r^8 / 8!, is 5e-9
        var p = r.fma(Lanes.all(1 / 5040f), Lanes.all(1 / 720f));
        p = p.fma(r, Lanes.all(1 / 120f));
        p = p.fma(r, Lanes.all(1 / 24f));
        p = p.fma(r, Lanes.all(1 / 6f));
        p = p.fma(r, Lanes.all(0.5f));
        p = p.fma(r, Lanes.all(1));
        p = p.fma(r, Lanes.all(1));
        var power =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(0x3f80_0000);
        return p.mul(power.reinterpretAsFloats()).blend(0, x.compare(VectorOperators.LT, LEAST));
    }

    /** 1 / (1 + e^-x). */
    static FloatVector sigmoid(FloatVector x) {
        var e = expOfNegative(x.abs().neg());
        var positive = x.compare(VectorOperators.GE, 0);
        return e.blend(1, positive).div(e.add(1));
    }

    static FloatVector silu(FloatVector x) {
        return x.mul(sigmoid(x));
    }

    /** 0.5 (1 + tanh(u)) is the sigmoid of 2 u. */
    static FloatVector geluTanh(FloatVector x) {
        var cube = x.mul(x).mul(x).mul(GELU_CUBE);
        return x.mul(sigmoid(x.add(cube).mul(2 * SQRT_2_BY_PI)));
    }

    /** max(x, 0); NaN stays NaN. */
    static FloatVector relu(FloatVector x) {
        return x.blend(0, x.compare(VectorOperators.LE, 0));
    }

    static FloatVector tanh(FloatVector x) {
        var e = expOfNegative(x.abs().mul(-2));
        var magnitude = Lanes.all(1).sub(e).div(e.add(1));
        return magnitude.blend(magnitude.neg(), x.compare(VectorOperators.LT, 0));
    }
}
