package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Divides a row of sums of values by the sum of its softmax numerators; a sum of zero, when nothing was visible, gives
 * zeros.
 *
 * @param headDim floats that are written
 */
public record SoftmaxEnd(int headDim) implements Routine {
    private static final int SUM = 0;
    private static final int SWAPPED = 1;
    private static final int ONE = 2;
    private static final int ZERO = 3;
    private static final int NOT_ZERO = 1;
    private static final int TAIL = 2;

    /** Code of a function (row of sums, target, 16 partial sums of the numerators). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        s.vmovups(SUM, Mem.at(RDX, 0));
        Across.combine(s, SUM, SWAPPED, s::vaddps);
        Exponential.constant(s, ONE, 1);
        s.mov(RAX, 1);
        s.vpbroadcastd(ZERO, RAX);
        s.vpcmpnltud(NOT_ZERO, SUM, ZERO);
        s.vdivps(SUM, ONE, SUM);
        s.vmovaps(SUM, SUM, NOT_ZERO + Assembler.ZEROING);
        for (int d = 0; d + 16 <= headDim; d += 16) {
            s.vmulps(SWAPPED, SUM, Mem.at(RDI, 4 * d), false);
            s.vmovups(Mem.at(RSI, 4 * d), SWAPPED);
        }
        int rest = headDim % 16;
        if (rest > 0) {
            int d = headDim - rest;
            s.mov(RAX, (1 << rest) - 1);
            s.kmovw(TAIL, RAX);
            s.vmulps(SWAPPED, SUM, Mem.at(RDI, 4 * d), false);
            s.vmovups(Mem.at(RSI, 4 * d), SWAPPED, TAIL);
        }
        s.ret();
        return s.toBytes();
    }
}
