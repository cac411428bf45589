package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Micro-kernel of q.k: the scores of a panel of queries with tiles of 32 keys ({@link konsil.kernel.KvTiles}).
 *
 * @param rows queries of the panel, packed as in {@link DenseTile}
 * @param steps 32-bit elements of a key: its dimensions in f32, half as many in bf16
 */
public record ScoreTile(Arithmetic arithmetic, int rows, int steps) implements Routine {
    private static final int KEYS = 32;

    /** Code of a function (panel, keys, scores, bytes between rows of scores, tiles, bytes between tiles). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        arithmetic.prepare(s);
        int tile = s.label();
        s.mov(RAX, RSI);
        s.mov(R10, RDI);
        for (int z = 0; z < 2 * rows; z++) {
            s.vpxord(z, z, z);
        }
        int parts = steps / DenseTile.STEPS;
        if (parts > 0) {
            s.mov(R11, parts);
            int loop = s.alignedLabel();
            steps(s, DenseTile.STEPS);
            s.add(R10, rows * arithmetic.partBytes());
            s.add(RAX, DenseTile.STEPS * 4 * KEYS);
            s.dec(R11);
            s.jnz(loop);
        }
        steps(s, steps % DenseTile.STEPS);
        s.mov(R10, RDX);
        for (int row = 0; row < rows; row++) {
            s.vmovups(Mem.at(R10, 0), 2 * row);
            s.vmovups(Mem.at(R10, 64), 2 * row + 1);
            s.add(R10, RCX);
        }
        s.add(RDX, 4 * KEYS);
        s.add(RSI, R9);
        s.dec(R8);
        s.jnz(tile);
        s.ret();
        return s.toBytes();
    }

    private void steps(Assembler s, int count) {
        for (int step = 0; step < count; step++) {
            var query = Mem.at(R10, step * arithmetic.packedStepBytes());
            arithmetic.step(s, new Arithmetic.Step(rows, 2, query, Mem.at(RAX, step * 4 * KEYS)));
        }
    }
}
