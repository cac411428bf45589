package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Puts keys of one head into a tile of f32 or bf16 ({@link konsil.kernel.KvTiles}), where the same dimension of all
 * positions lies side by side.
 *
 * @param bf16 rounded to bf16
 * @param headDim floats of a key; up to the next multiple of 16, zeros are stored
 */
public record StoreKeys(boolean bf16, int headDim) implements Routine {
    /** Bytes from a dimension, or a pair of them, to the next. */
    public static final int STEP_BYTES = 128;

    private static final int LANES = 16;
    private static final int KEY = 0;
    private static final int PLACES = 1;
    private static final int ALL = 2;
    private static final int TAIL = 3;
    private static final Rounding ROUNDING = new Rounding(28);

    /** Code of a function (keys, place of the first, 16 multiples of the step, bytes from key to key, keys). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        ROUNDING.prepare(s);
        s.mov(RAX, (1 << headDim % LANES) - 1);
        s.kmovw(TAIL, RAX);
        s.mov(RAX, bf16 ? 0xff : 0xffff);
        s.vmovups(PLACES, Mem.at(RDX, 0));
        int loop = s.alignedLabel();
        for (int d = 0; d < headDim; d += LANES) {
            load(s, KEY, Mem.at(RDI, 4 * d), headDim - d, TAIL);
            s.kmovw(ALL, RAX);
            if (bf16) {
                ROUNDING.round(s, KEY);
                s.vpsrld(KEY, KEY, 16);
                s.vpmovdw(KEY, KEY);
                s.vpscatterdd(Encoder.YMM, RSI, PLACES, STEP_BYTES * d / 2, KEY, ALL);
            } else {
                s.vpscatterdd(Encoder.ZMM, RSI, PLACES, STEP_BYTES * d, KEY, ALL);
            }
        }
        s.add(RDI, RCX);
        s.add(RSI, 4);
        s.dec(R8);
        s.jnz(loop);
        s.ret();
        return s.toBytes();
    }

    /** Loads 16 floats, or those that are left and zeros. */
    static void load(Assembler s, int z, Mem m, int left, int tail) {
        if (left >= LANES) {
            s.vmovups(z, m);
        } else {
            s.vmovups(z, m, tail + Assembler.ZEROING);
        }
    }
}
