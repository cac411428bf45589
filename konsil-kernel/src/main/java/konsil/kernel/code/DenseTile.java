package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Micro-kernel of a dense matrix product: C (rows, 32) = or += A (rows, k) B (k, 32), in f32 or with pairs of bf16, the
 * sums held in registers. What follows calls one 32-bit element of B a step: one k in f32, two in bf16.
 *
 * <p>A is packed in panels of {@code rows} rows: for each 8 steps, {@link Arithmetic#partBytes} of row 0, as many of
 * row 1 and so on. B is a group of {@link konsil.kernel.WeightFormat}: 32 steps side by side, one for each column. Sums
 * over k are one chain of operations per element, whatever the number of rows and however k is cut, so results do not
 * depend on either.
 *
 * @param rows rows of a panel, 1 to {@value #MAX_ROWS}: two accumulators for each fit the 32 registers
 * @param accumulate begin with what C holds instead of zero
 */
public record DenseTile(Arithmetic arithmetic, int rows, boolean accumulate) implements Routine {
    /** Rows of a full panel. */
    public static final int MAX_ROWS = 14;

    /** Columns of C that one call computes. */
    public static final int COLUMNS = 32;

    /** Steps that lie side by side for one row of a panel. */
    public static final int STEPS = 8;

    private static final int B_AHEAD = 1024;

    /**
     * Few rows wait for memory, not for sums: reading further ahead gave 90 % of the plain read rate instead of 87 %.
     */
    private static final int B_FAR_AHEAD = 3072;

    private static final int FEW_ROWS = 4;

    /**
     * Code of a function (A, B, C, bytes between rows of C, groups of 8 steps, counts): several panels, which follow
     * each other in memory, and their rows of C likewise, meet several groups of B; the last number is {@link #counts}.
     */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        arithmetic.prepare(s);
        var groups = GroupLoop.begin(s);
        int panel = s.label();
        s.mov(RAX, RSI);
        s.mov(R10, RDX);
        begin(s);
        s.mov(R11, R8);
        int loop = s.alignedLabel();
        for (int step = 0; step < STEPS; step++) {
            step(s, step);
        }
        s.add(RDI, rows * arithmetic.partBytes());
        s.add(RAX, STEPS * 4 * COLUMNS);
        s.dec(R11);
        s.jnz(loop);
        for (int row = 0; row < rows; row++) {
            s.vmovups(Mem.at(RDX, 0), 2 * row);
            s.vmovups(Mem.at(RDX, 64), 2 * row + 1);
            s.add(RDX, RCX);
        }
        s.dec(R9);
        s.jnz(panel);
        groups.end(COLUMNS);
        return s.toBytes();
    }

    /** How many panels and how many groups a call is for. With more than one group, A must hold all of k. */
    public static long counts(int panels, int groups) {
        return GroupLoop.counts(panels, groups);
    }

    private void begin(Assembler s) {
        for (int row = 0; row < rows; row++) {
            if (accumulate) {
                s.vmovups(2 * row, Mem.at(R10, 0));
                s.vmovups(2 * row + 1, Mem.at(R10, 64));
            } else {
                s.prefetcht0(Mem.at(R10, 0));
                s.prefetcht0(Mem.at(R10, 64));
                s.vpxord(2 * row, 2 * row, 2 * row);
                s.vpxord(2 * row + 1, 2 * row + 1, 2 * row + 1);
            }
            s.add(R10, RCX);
        }
    }

    private void step(Assembler s, int step) {
        int offset = step * 4 * COLUMNS;
        int ahead = offset + (rows > FEW_ROWS ? B_AHEAD : B_FAR_AHEAD);
        s.prefetcht0(Mem.at(RAX, ahead));
        s.prefetcht0(Mem.at(RAX, ahead + 64));
        var packed = Mem.at(RDI, step * arithmetic.packedStepBytes());
        arithmetic.step(s, new Arithmetic.Step(rows, 2, packed, Mem.at(RAX, offset)));
    }
}
