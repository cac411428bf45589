package konsil.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e^x and tanh out of plain arithmetic. The Vector API's own functions give other last bits before they are compiled
 * than after, so nothing could be computed twice with the same result.
 */
final class VectorExponential {
    private static final float LOG2_E = 1.44269504f;

    /** ln 2 in two parts, the first of which times a small integer is exact. */
    private static final float LN2_HIGH = 0x1.62e4p-1f;

    private static final float LN2_LOW = (float) (Math.log(2) - 0x1.62e4p-1);

    /** Adding 1.5 * 2^23 rounds to the nearest even integer and leaves it in the low bits. */
    private static final float ROUND = 0x1.8p23f;

    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

    /** Beyond these e^x is 0 or infinity. */
    private static final float LOWEST = -104;

    private static final float HIGHEST = 89;

    private VectorExponential() {}

    /**
     * e^x with a relative error below 2e-7; NaN stays NaN. x = n ln 2 + r with |r| <= ln 2 / 2; e^r by its Taylor
     * series to the 7th power, whose rest is below 2e-8; 2^n in two factors, so that small results lose bits only at
     * the end.
     */
    static FloatVector exp(FloatVector x) {
        var within = x.max(LOWEST).min(HIGHEST);
        var shifted = within.mul(LOG2_E).add(ROUND);
        var n = shifted.sub(ROUND);
        var r = n.fma(Lanes.all(-LN2_HIGH), within);
        r = n.fma(Lanes.all(-LN2_LOW), r);
        var sum = r.mul(1f / 5040).add(1f / 720);
        sum = sum.fma(r, Lanes.all(1f / 120));
        sum = sum.fma(r, Lanes.all(1f / 24));
        sum = sum.fma(r, Lanes.all(1f / 6));
        sum = sum.fma(r, Lanes.all(0.5f));
        sum = sum.fma(r, Lanes.all(1));
        sum = sum.fma(r, Lanes.all(1));
        var exponent = shifted.reinterpretAsInts().sub(ROUND_BITS);
        var half = exponent.lanewise(VectorOperators.ASHR, 1);
        return sum.mul(power(half)).mul(power(exponent.sub(half)));
    }

    /** 2^n for n from -126 to 127. */
    private static FloatVector power(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /** 1 - 2 / (1 + e^2x). */
    static FloatVector tanh(FloatVector x) {
        return Lanes.all(1).sub(Lanes.all(2).div(exp(x.add(x)).add(1)));
    }
}
