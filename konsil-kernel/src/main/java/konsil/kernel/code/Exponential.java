package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Code for 2^x: x is split into a whole number and a rest in [-1/2, 1/2], for which a polynomial is used that is 1 at 0
 * exactly and was fitted at Chebyshev nodes. NaN stays NaN; what is below -200 gives 0 and what is above 200 infinity.
 */
final class Exponential {
    /** Largest relative error 7e-6: enough where the result is rounded to bf16. */
    static final float[] DEGREE_4 = {0.0096567103f, 0.0558382829f, 0.2402253010f, 0.6931367338f, 1};

    /** Largest relative error of the polynomial 5e-9, so that f32 arithmetic decides. */
    static final float[] DEGREE_6 = {
        1.5453163e-4f, 1.3390863e-3f, 9.6180826e-3f, 5.5503571e-2f, 0.24022651f, 0.69314719f, 1
    };

    /** From this register on stand the lowest and the highest exponent, then the coefficients. */
    private final int firstRegister;

    private final float[] coefficients;

    Exponential(int firstRegister, float[] coefficients) {
        this.firstRegister = firstRegister;
        this.coefficients = coefficients;
    }

    int registers() {
        return coefficients.length + 2;
    }

    /** Loads the constants; uses rax. */
    void prepare(Assembler s) {
        constant(s, firstRegister, -200);
        constant(s, firstRegister + 1, 200);
        for (int i = 0; i < coefficients.length; i++) {
            constant(s, firstCoefficient() + i, coefficients[i]);
        }
    }

    private int firstCoefficient() {
        return firstRegister + 2;
    }

    static void constant(Assembler s, int z, float value) {
        s.mov(RAX, Float.floatToRawIntBits(value));
        s.vpbroadcastd(z, RAX);
    }

    /**
     * x = 2^x for {@code count} registers from {@code x} on; as many from {@code whole} and from {@code sum} on change.
     */
    void power(Assembler s, int count, int x, int whole, int sum) {
        for (int i = 0; i < count; i++) {
            s.vmaxps(x + i, firstRegister, x + i); // in this order NaN survives
            s.vminps(x + i, firstRegister + 1, x + i);
        }
        for (int i = 0; i < count; i++) {
            s.vrndscaleps(whole + i, x + i);
        }
        for (int i = 0; i < count; i++) {
            s.vsubps(x + i, x + i, whole + i);
            s.vmovaps(sum + i, firstCoefficient());
        }
        for (int c = 1; c < coefficients.length; c++) {
            for (int i = 0; i < count; i++) {
                s.vfmadd213ps(sum + i, x + i, firstCoefficient() + c);
            }
        }
        for (int i = 0; i < count; i++) {
            s.vscalefps(x + i, sum + i, whole + i);
        }
    }
}
