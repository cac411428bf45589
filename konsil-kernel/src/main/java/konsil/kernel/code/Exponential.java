package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Code for 2^x: x is split into a whole number and a rest in [-1/2, 1/2], for which a polynomial is used that is 1 at 0
 * exactly and was fitted at Chebyshev nodes. NaN stays NaN; -infinity, and all below -200, give 0.
 */
final class Exponential {
    /** Largest relative error 7e-6: enough where the result is rounded to bf16. */
    static final float[] DEGREE_4 = {0.0096567103f, 0.0558382829f, 0.2402253010f, 0.6931367338f, 1};

    /** Largest relative error of the polynomial 5e-9, so that f32 arithmetic decides. */
    static final float[] DEGREE_6 = {
        1.5453163e-4f, 1.3390863e-3f, 9.6180826e-3f, 5.5503571e-2f, 0.24022651f, 0.69314719f, 1
    };

    /** Registers that {@link #registers} names hold constants: the lowest exponent, then the coefficients. */
    private final int firstRegister;

    private final float[] coefficients;

    Exponential(int firstRegister, float[] coefficients) {
        this.firstRegister = firstRegister;
        this.coefficients = coefficients;
    }

    int registers() {
        return coefficients.length + 1;
    }

    /** Loads the constants; uses rax. */
    void prepare(Assembler s) {
        constant(s, firstRegister, -200);
        for (int i = 0; i < coefficients.length; i++) {
            constant(s, firstRegister + 1 + i, coefficients[i]);
        }
    }

    static void constant(Assembler s, int z, float value) {
        s.mov(RAX, Float.floatToRawIntBits(value));
        s.vpbroadcastd(z, RAX);
    }

    /** x = 2^x for {@code count} registers from {@code x} on; as many from {@code whole} and from {@code sum} on change. */
    void power(Assembler s, int count, int x, int whole, int sum) {
        for (int i = 0; i < count; i++) {
            s.vmaxps(x + i, firstRegister, x + i); // in this order NaN survives
        }
        for (int i = 0; i < count; i++) {
            s.vrndscaleps(whole + i, x + i);
        }
        for (int i = 0; i < count; i++) {
            s.vsubps(x + i, x + i, whole + i);
            s.vmovaps(sum + i, firstRegister + 1);
        }
        for (int c = 1; c < coefficients.length; c++) {
            for (int i = 0; i < count; i++) {
                s.vfmadd213ps(sum + i, x + i, firstRegister + 1 + c);
            }
        }
        for (int i = 0; i < count; i++) {
            s.vscalefps(x + i, sum + i, whole + i);
        }
    }
}
