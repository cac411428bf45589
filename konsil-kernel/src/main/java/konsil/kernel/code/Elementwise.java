package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * A function of each float of one or two rows.
 *
 * @param function what is computed
 */
public record Elementwise(Function function) implements Routine {
    /** Functions of a, b and a factor. GATED ones are f(a) * b. */
    public enum Function {
        ADD,
        SCALE,
        RELU,
        SIGMOID,
        SILU,
        GELU_TANH,
        GATED_RELU,
        GATED_SIGMOID,
        GATED_SILU,
        GATED_GELU_TANH;

        boolean gated() {
            return ordinal() >= GATED_RELU.ordinal();
        }

        Function ungated() {
            return gated() ? values()[ordinal() - GATED_RELU.ordinal() + RELU.ordinal()] : this;
        }
    }

    /** Bytes of the parameters: the mask of the last floats in 8 bytes, then the factor. */
    public static final int PARAMETER_BYTES = 16;

    private static final float LOG2_E = 1.44269504f;
    private static final float GELU_LINEAR = -2 * 0.79788456f * LOG2_E; // -2 sqrt(2 / pi) log2 e
    private static final float GELU_CUBIC = GELU_LINEAR * 0.044715f;

    private static final int X = 0;
    private static final int Y = 1;
    private static final int POWER = 2;
    private static final int WHOLE = 3;
    private static final int SUM = 4;
    private static final int FACTOR = 16;
    private static final int ZERO = 17;
    private static final int ONE = 18;
    private static final int LINEAR = 19;
    private static final int CUBIC = 20;
    private static final int CONSTANTS = 21;

    /** Code of a function (a, b, y, whole vectors, parameters). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        var power = new Exponential(CONSTANTS, Exponential.DEGREE_6);
        power.prepare(s);
        Exponential.constant(s, ZERO, 0);
        Exponential.constant(s, ONE, 1);
        boolean gelu = function.ungated() == Function.GELU_TANH;
        Exponential.constant(s, LINEAR, gelu ? GELU_LINEAR : -LOG2_E);
        Exponential.constant(s, CUBIC, GELU_CUBIC);
        s.vbroadcastss(FACTOR, Mem.at(R8, 8));
        VectorLoop.emit(s, RCX, Mem.at(R8, 0), () -> {
            s.vmovups(X, Mem.at(RDI, RAX, 1, 0), VectorLoop.LOAD);
            body(s, power);
            s.vmovups(Mem.at(RDX, RAX, 1, 0), Y, VectorLoop.MASK);
        });
        s.ret();
        return s.toBytes();
    }

    private void body(Assembler s, Exponential power) {
        switch (function.ungated()) {
            case ADD -> {
                s.vmovups(Y, Mem.at(RSI, RAX, 1, 0), VectorLoop.LOAD);
                s.vaddps(Y, X, Y);
            }
            case SCALE -> s.vmulps(Y, X, FACTOR);
            case RELU -> s.vmaxps(Y, ZERO, X); // in this order NaN survives
            case SIGMOID -> {
                sigmoid(s, power);
                s.vdivps(Y, ONE, POWER);
            }
            default -> {
                sigmoid(s, power);
                s.vdivps(Y, X, POWER);
            }
        }
        if (function.gated()) {
            s.vmovups(X, Mem.at(RSI, RAX, 1, 0), VectorLoop.LOAD);
            s.vmulps(Y, Y, X);
        }
    }

    /** 1 + exp(-x), or for GELU 1 + exp(-2 u): tanh(u) is 2 / (1 + exp(-2 u)) - 1, so that 0.5 x (1 + tanh(u)) is the
     * quotient of x by this. */
    private void sigmoid(Assembler s, Exponential power) {
        if (function.ungated() == Function.GELU_TANH) {
            s.vmulps(POWER, X, X);
            s.vmovaps(WHOLE, LINEAR);
            s.vfmadd231ps(WHOLE, POWER, CUBIC);
            s.vmulps(POWER, X, WHOLE);
        } else {
            s.vmulps(POWER, X, LINEAR);
        }
        power.power(s, 1, POWER, WHOLE, SUM);
        s.vaddps(POWER, POWER, ONE);
    }
}
