package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Micro-kernel of the weighted sum of values: what was summed so far times a factor for each row, plus the panel of
 * softmax numerators times tiles of 32 values ({@link konsil.kernel.KvTiles}).
 *
 * @param rows queries of the panel, packed as in {@link DenseTile}
 * @param vectors how many vectors of 16 dimensions one call computes: 1 or 2
 * @param paddedDim dimensions of a value and of a row of sums
 */
public record ValueTile(Arithmetic arithmetic, int rows, int vectors, int paddedDim) implements Routine {
    private static final int KEYS = 32;
    private static final int FACTOR = 31;

    /** Code of a function (panel, values, sums, factors, tiles, bytes between tiles). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        arithmetic.prepare(s);
        for (int row = 0; row < rows; row++) {
            s.vbroadcastss(FACTOR, Mem.at(RCX, 4 * row));
            for (int v = 0; v < vectors; v++) {
                s.vmulps(2 * row + v, FACTOR, Mem.at(RDX, 4 * paddedDim * row + 64 * v), false);
            }
        }
        int tile = s.alignedLabel();
        s.mov(RAX, RSI);
        s.mov(R11, KEYS / arithmetic.partNumbers());
        int loop = s.alignedLabel();
        for (int step = 0; step < DenseTile.STEPS; step++) {
            step(s, step);
        }
        s.add(RDI, rows * arithmetic.partBytes());
        s.add(RAX, DenseTile.STEPS * 4 * paddedDim);
        s.dec(R11);
        s.jnz(loop);
        s.add(RSI, R9);
        s.dec(R8);
        s.jnz(tile);
        for (int row = 0; row < rows; row++) {
            for (int v = 0; v < vectors; v++) {
                s.vmovups(Mem.at(RDX, 4 * paddedDim * row + 64 * v), 2 * row + v);
            }
        }
        s.ret();
        return s.toBytes();
    }

    private void step(Assembler s, int step) {
        var numerators = Mem.at(RDI, step * arithmetic.packedStepBytes());
        arithmetic.step(s, new Arithmetic.Step(rows, vectors, numerators, Mem.at(RAX, step * 4 * paddedDim)));
    }
}
