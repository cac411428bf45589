package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Makes tiles of bf16 out of tiles of Q8_0 ({@link konsil.kernel.KvTiles}), for the keys or the values of one head.
 *
 * @param keys keys instead of values
 * @param paddedDim dimensions of a key, a multiple of 16
 */
public record ExpandTile(boolean keys, int paddedDim) implements Routine {
    private static final int POSITIONS = 32;
    private static final int BLOCK = 32;
    private static final int EVEN = 0;
    private static final int ODD = 1;
    private static final int SCALES = 2;
    private static final Rounding ROUNDING = new Rounding(28);

    /** Code of a function (Q8_0, bf16, tiles, bytes between tiles of Q8_0, bytes between tiles of bf16). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        ROUNDING.prepare(s);
        int tile = s.label();
        s.mov(RAX, RDI);
        s.mov(R10, RSI);
        if (keys) {
            keys(s);
        } else {
            values(s);
        }
        s.add(RDI, RCX);
        s.add(RSI, R8);
        s.dec(RDX);
        s.jnz(tile);
        s.ret();
        return s.toBytes();
    }

    /** Two dimensions at a time, all positions; 32 dimensions have the same scales. */
    private void keys(Assembler s) {
        for (int d = 0; d < paddedDim; d += BLOCK) {
            for (int half = 0; half < 2; half++) {
                int scales = POSITIONS * paddedDim + 4 * POSITIONS * (d / BLOCK) + 64 * half;
                s.vmovups(SCALES + half, Mem.at(RDI, scales));
            }
            s.mov(R11, Math.min(BLOCK, paddedDim - d) / 2);
            int loop = s.alignedLabel();
            for (int half = 0; half < 2; half++) {
                s.vpmovsxbd(EVEN, Mem.at(RAX, 16 * half));
                s.vpmovsxbd(ODD, Mem.at(RAX, POSITIONS + 16 * half));
                s.vcvtdq2ps(EVEN, EVEN);
                s.vcvtdq2ps(ODD, ODD);
                s.vmulps(EVEN, EVEN, SCALES + half);
                s.vmulps(ODD, ODD, SCALES + half);
                storePairs(s, Mem.at(R10, 64 * half));
            }
            s.add(RAX, 2 * POSITIONS);
            s.add(R10, 4 * POSITIONS);
            s.dec(R11);
            s.jnz(loop);
        }
    }

    /** Two positions at a time, all dimensions. */
    private void values(Assembler s) {
        int blocks = Math.ceilDiv(paddedDim, BLOCK);
        s.lea(R9, Mem.at(RDI, POSITIONS * paddedDim));
        s.mov(R11, POSITIONS / 2);
        int loop = s.alignedLabel();
        for (int d = 0; d < paddedDim; d += 16) {
            int scale = 4 * (d / BLOCK);
            s.vpmovsxbd(EVEN, Mem.at(RAX, d));
            s.vpmovsxbd(ODD, Mem.at(RAX, paddedDim + d));
            s.vcvtdq2ps(EVEN, EVEN);
            s.vcvtdq2ps(ODD, ODD);
            s.vmulps(EVEN, EVEN, Mem.at(R9, scale), true);
            s.vmulps(ODD, ODD, Mem.at(R9, 4 * blocks + scale), true);
            storePairs(s, Mem.at(R10, 4 * d));
        }
        s.add(RAX, 2 * paddedDim);
        s.add(R9, 8 * blocks);
        s.add(R10, 4 * paddedDim);
        s.dec(R11);
        s.jnz(loop);
    }

    private static void storePairs(Assembler s, Mem to) {
        ROUNDING.roundUpper(s, EVEN);
        ROUNDING.roundUpper(s, ODD);
        s.vpsrld(EVEN, EVEN, 16);
        s.vpandd(ODD, ODD, ROUNDING.upper());
        s.vpord(EVEN, EVEN, ODD);
        s.vmovups(to, EVEN);
    }
}
