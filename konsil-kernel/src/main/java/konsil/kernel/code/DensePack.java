package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Copies one row of f32 into a panel of {@link DenseTile}, rounding to bf16 on the way when asked.
 *
 * @param bf16 16 columns make 32 bytes of the panel, otherwise 8
 */
public record DensePack(boolean bf16) implements Routine {
    /** Columns that lie side by side in a panel. */
    public static int columns(boolean bf16) {
        return bf16 ? 2 * DenseTile.STEPS : DenseTile.STEPS;
    }

    /**
     * Code of a function (source, place of the row in the panel, parts of {@link #columns}, bytes from part to part).
     */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        int loop = s.alignedLabel();
        if (bf16) {
            s.vmovups(0, Mem.at(RDI, 0));
            s.vcvtneps2bf16(0, 0);
        } else {
            s.vmovupsYmm(0, Mem.at(RDI, 0));
        }
        s.vmovupsYmm(Mem.at(RSI, 0), 0);
        s.add(RDI, 4 * columns(bf16));
        s.add(RSI, RCX);
        s.dec(RDX);
        s.jnz(loop);
        s.ret();
        return s.toBytes();
    }
}
