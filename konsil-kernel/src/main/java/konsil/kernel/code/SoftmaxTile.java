package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * One step of the online softmax (arXiv:1805.02867) for a panel of queries: takes scores, makes their numerators, and
 * brings maximum, sum and the factor for what was summed before up to date. All exponents are to base 2.
 *
 * <p>The state of a panel is {@value #STATE_BYTES} bytes: the factor on scores (scale * log2 e), at {@value #MAXIMA}
 * the largest scaled score of each row so far, at {@value #FACTORS} the factors, at {@value #SUMS} 16 partial sums for
 * each row. Scores that are -infinity are exactly without effect, if the maximum began finite.
 *
 * @param arithmetic of what the numerators are multiplied by: they are rounded to bf16 for it, or not
 */
public record SoftmaxTile(Arithmetic arithmetic) implements Routine {
    /** Where the maxima of the rows lie. */
    public static final int MAXIMA = 64;

    /** Where the factors of the rows lie. */
    public static final int FACTORS = 128;

    /** Where the partial sums of the rows lie. */
    public static final int SUMS = 192;

    /** Size of the state. */
    public static final int STATE_BYTES = SUMS + 64 * DenseTile.MAX_ROWS;

    private static final int X = 0;
    private static final int WHOLE = 4;
    private static final int POLYNOMIAL = 8;
    private static final int SUM = 12;
    private static final int MAXIMUM = 14;
    private static final int SWAPPED = 15;
    private static final int FACTOR = 16;
    private static final int SCALE = 17;
    private static final int CONSTANTS = 20;
    private static final Rounding ROUNDING = new Rounding(27);
    private static final int TILE_BYTES = 128;

    /** Code of a function (scores, panel of numerators, state, bytes between rows of scores, tiles, rows). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        var power = new Exponential(CONSTANTS, arithmetic.bf16() ? Exponential.DEGREE_4 : Exponential.DEGREE_6);
        power.prepare(s);
        if (arithmetic == Arithmetic.WIDENED) {
            ROUNDING.prepare(s);
        }
        s.vbroadcastss(SCALE, Mem.at(RDX, 0));
        s.push(RBX);
        s.push(R12);
        s.push(R13);
        s.mov(R13, R9);
        s.shl(R13, Integer.numberOfTrailingZeros(arithmetic.partBytes())); // from one part of a panel to the next
        s.lea(R12, Mem.at(RDX, SUMS));
        int row = s.label();
        largest(s);
        factor(s, power);
        numerators(s, power);
        s.vmovups(Mem.at(R12, 0), SUM);
        s.add(R12, 64);
        s.add(RDX, 4);
        s.add(RDI, RCX);
        s.add(RSI, arithmetic.partBytes());
        s.dec(R9);
        s.jnz(row);
        s.pop(R13);
        s.pop(R12);
        s.pop(RBX);
        s.ret();
        return s.toBytes();
    }

    private static void largest(Assembler s) {
        s.mov(RAX, RDI);
        s.mov(R11, R8);
        s.vmovups(SWAPPED, Mem.at(RDI, 0));
        s.vmovups(MAXIMUM, Mem.at(RDI, 64));
        int loop = s.alignedLabel();
        s.vmaxps(SWAPPED, SWAPPED, Mem.at(RAX, 0), false);
        s.vmaxps(MAXIMUM, MAXIMUM, Mem.at(RAX, 64), false);
        s.add(RAX, TILE_BYTES);
        s.dec(R11);
        s.jnz(loop);
        s.vmaxps(MAXIMUM, MAXIMUM, SWAPPED);
        Across.combine(s, MAXIMUM, SWAPPED, s::vmaxps);
    }

    private static void factor(Assembler s, Exponential power) {
        s.vmulps(MAXIMUM, MAXIMUM, SCALE);
        s.vbroadcastss(X, Mem.at(RDX, MAXIMA));
        s.vmaxps(MAXIMUM, MAXIMUM, X);
        s.vsubps(X, X, MAXIMUM);
        power.power(s, 1, X, WHOLE, POLYNOMIAL);
        s.vmovss(Mem.at(RDX, MAXIMA), MAXIMUM);
        s.vmovss(Mem.at(RDX, FACTORS), X);
        s.vmovaps(FACTOR, X);
    }

    /** Partial sums are one chain per element over the tiles, so tiles without effect leave no trace. */
    private void numerators(Assembler s, Exponential power) {
        s.vmulps(SUM, FACTOR, Mem.at(R12, 0), false);
        s.mov(RAX, RDI);
        s.mov(RBX, RSI);
        s.mov(R11, R8);
        int loop = s.alignedLabel();
        for (int v = 0; v < 2; v++) {
            s.vmovups(X + v, Mem.at(RAX, 64 * v));
            s.vfmsub213ps(X + v, SCALE, MAXIMUM);
        }
        power.power(s, 2, X, WHOLE, POLYNOMIAL);
        for (int v = 0; v < 2; v++) {
            s.vaddps(SUM, SUM, X + v);
            store(s, X + v);
        }
        s.add(RAX, TILE_BYTES);
        s.dec(R11);
        s.jnz(loop);
    }

    private void store(Assembler s, int z) {
        switch (arithmetic) {
            case BF16 -> {
                s.vcvtneps2bf16(WHOLE, z);
                s.vmovupsYmm(Mem.at(RBX, 0), WHOLE);
            }
            case WIDENED -> {
                ROUNDING.round(s, z);
                s.vmovups(Mem.at(RBX, 0), z);
            }
            case F32 -> {
                s.vmovupsYmm(Mem.at(RBX, 0), z);
                s.add(RBX, R13);
                s.vshuff32x4(WHOLE, z, z, 0b01_00_11_10);
                s.vmovupsYmm(Mem.at(RBX, 0), WHOLE);
            }
        }
        s.add(RBX, R13);
    }
}
