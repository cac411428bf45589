package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Brings one row to mean square 1, or to mean 0 and variance 1, then multiplies by weights and adds a bias.
 *
 * @param centred the layer norm; otherwise the RMS norm, which has no bias
 */
public record Normalise(boolean centred) implements Routine {
    /** Bytes of the parameters: the mask of the last floats in 8 bytes, then 1 / columns, then epsilon. */
    public static final int PARAMETER_BYTES = 16;

    private static final int X = 0;
    private static final int SWAPPED = 1;
    private static final int SUM = 2;
    private static final int MEAN = 3;
    private static final int INVERSE = 4;
    private static final int WEIGHT = 5;
    private static final int ONE = 6;

    /** Code of a function (x, weight, y, whole vectors, parameters, bias). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        var tail = Mem.at(R8, 0);
        Exponential.constant(s, ONE, 1);
        s.vpxord(MEAN, MEAN, MEAN);
        if (centred) {
            s.vpxord(SUM, SUM, SUM);
            VectorLoop.emit(s, RCX, tail, () -> {
                s.vmovups(X, Mem.at(RDI, RAX, 1, 0), VectorLoop.LOAD);
                s.vaddps(SUM, SUM, X);
            });
            Across.combine(s, SUM, SWAPPED, s::vaddps);
            s.vmulps(MEAN, SUM, Mem.at(R8, 8), true);
        }
        s.vpxord(SUM, SUM, SUM);
        VectorLoop.emit(s, RCX, tail, () -> {
            s.vmovups(X, Mem.at(RDI, RAX, 1, 0), VectorLoop.LOAD);
            if (centred) {
                s.vsubps(X, X, MEAN);
                s.vmovaps(X, X, VectorLoop.LOAD); // what lies behind the row is not -mean
            }
            s.vfmadd231ps(SUM, X, X);
        });
        Across.combine(s, SUM, SWAPPED, s::vaddps);
        s.vmulps(SUM, SUM, Mem.at(R8, 8), true);
        s.vaddps(SUM, SUM, Mem.at(R8, 12), true);
        s.vsqrtps(SUM, SUM);
        s.vdivps(INVERSE, ONE, SUM);
        VectorLoop.emit(s, RCX, tail, () -> scale(s));
        s.ret();
        return s.toBytes();
    }

    private void scale(Assembler s) {
        s.vmovups(X, Mem.at(RDI, RAX, 1, 0), VectorLoop.LOAD);
        s.vmovups(WEIGHT, Mem.at(RSI, RAX, 1, 0), VectorLoop.LOAD);
        if (centred) {
            s.vsubps(X, X, MEAN);
        }
        s.vmulps(X, X, INVERSE);
        s.vmulps(X, X, WEIGHT);
        if (centred) {
            s.vmovups(WEIGHT, Mem.at(R9, RAX, 1, 0), VectorLoop.LOAD);
            s.vaddps(X, X, WEIGHT);
        }
        s.vmovups(Mem.at(RDX, RAX, 1, 0), X, VectorLoop.MASK);
    }
}
