package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Puts values of one head into a tile of f32 or bf16 ({@link konsil.kernel.KvTiles}); in bf16, two positions share the
 * halves of a row of words.
 *
 * @param bf16 rounded to bf16
 * @param headDim floats of a value; up to the next multiple of 16, zeros are stored
 */
public record StoreValues(boolean bf16, int headDim) implements Routine {
    private static final int LANES = 16;
    private static final int VALUE = 0;
    private static final int SHIFT = 1;
    private static final int SIXTEEN = 2;
    private static final int TAIL = 3;
    private static final int HALVES = 4;
    private static final Rounding ROUNDING = new Rounding(28);

    /**
     * Code of a function (values, row of the first position, bits, bytes from value to value, values, halves). In bf16,
     * the last and third argument say which half the first position has: {@link #bits} and {@link #halves}.
     */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        ROUNDING.prepare(s);
        s.mov(RAX, (1 << headDim % LANES) - 1);
        s.kmovw(TAIL, RAX);
        s.mov(R10, rowBytes());
        s.mov(R11, rowBytes());
        if (bf16) {
            beginHalves(s);
        }
        int loop = s.alignedLabel();
        for (int d = 0; d < headDim; d += LANES) {
            StoreKeys.load(s, VALUE, Mem.at(RDI, 4 * d), headDim - d, TAIL);
            if (bf16) {
                ROUNDING.round(s, VALUE);
                s.vpsrlvd(VALUE, VALUE, SHIFT);
                s.vmovdqu16(Mem.at(RSI, 4 * d), VALUE, HALVES);
            } else {
                s.vmovups(Mem.at(RSI, 4 * d), VALUE);
            }
        }
        s.add(RDI, RCX);
        s.add(RSI, R10);
        if (bf16) {
            s.vpxord(SHIFT, SHIFT, SIXTEEN);
            s.knotd(HALVES, HALVES);
            s.mov(RAX, R10);
            s.mov(R10, R11);
            s.mov(R11, RAX);
        }
        s.dec(R8);
        s.jnz(loop);
        s.ret();
        return s.toBytes();
    }

    /** After an even position the row stays, after an odd one the next begins. */
    private void beginHalves(Assembler s) {
        s.kmovd(HALVES, R9);
        s.vpbroadcastd(SHIFT, RDX);
        s.mov(RAX, 16);
        s.vpbroadcastd(SIXTEEN, RAX);
        s.mov(R11, 0);
        s.test(RDX);
        int odd = s.jzAhead();
        s.mov(R10, 0);
        s.mov(R11, rowBytes());
        s.land(odd);
    }

    private int rowBytes() {
        return 4 * Math.ceilDiv(headDim, LANES) * LANES;
    }

    /** How far a position's numbers are moved down in their words. */
    public static int bits(int slot) {
        return slot % 2 == 0 ? 16 : 0;
    }

    /** The 16-bit elements of a row that a position has. */
    public static int halves(int slot) {
        return slot % 2 == 0 ? 0x55555555 : 0xaaaaaaaa;
    }
}
