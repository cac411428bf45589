package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Copies one row of f32 into a panel of {@link DenseTile}, rounding to bf16 on the way when asked.
 *
 * @param arithmetic of the tile; {@link Arithmetic#partNumbers} columns make one part of a panel
 */
public record DensePack(Arithmetic arithmetic) implements Routine {
    private static final Rounding ROUNDING = new Rounding(28);

    /** Code of a function (source, place of the row in the panel, parts, bytes from part to part). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        ROUNDING.prepare(s);
        int loop = s.alignedLabel();
        switch (arithmetic) {
            case F32 -> {
                s.vmovupsYmm(0, Mem.at(RDI, 0));
                s.vmovupsYmm(Mem.at(RSI, 0), 0);
            }
            case BF16 -> {
                s.vmovups(0, Mem.at(RDI, 0));
                s.vcvtneps2bf16(0, 0);
                s.vmovupsYmm(Mem.at(RSI, 0), 0);
            }
            case WIDENED -> {
                s.vmovups(0, Mem.at(RDI, 0));
                ROUNDING.round(s, 0);
                s.vmovups(Mem.at(RSI, 0), 0);
            }
        }
        s.add(RDI, 4 * arithmetic.partNumbers());
        s.add(RSI, RCX);
        s.dec(RDX);
        s.jnz(loop);
        s.ret();
        return s.toBytes();
    }
}
