package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * The outermost loop of a matrix tile: over groups of columns that follow each other in memory, all with the same A.
 * How many there are is in the upper half of the last argument, see {@link #counts}.
 */
final class GroupLoop {
    private static final Gpr[] SAVED = {RBX, R12, R14, R15};
    private static final Gpr A = RBX;
    private static final Gpr GROUPS = R12;
    private static final Gpr PANELS = R14;
    private static final Gpr C = R15;

    private final Assembler s;
    private final int label;

    private GroupLoop(Assembler s, int label) {
        this.s = s;
        this.label = label;
    }

    /** Last argument of a tile: two numbers in one, for six fit in registers. */
    static long counts(int panels, int groups) {
        return panels | (long) groups << 32;
    }

    /** Expects A in rdi, C in rdx and the counts in r9; after it r9 is the panels, rbx, r12, r14 and r15 are taken. */
    static GroupLoop begin(Assembler s) {
        for (var register : SAVED) {
            s.push(register);
        }
        s.mov(GROUPS, R9);
        s.shr(GROUPS, 32);
        s.mov32(PANELS, R9);
        s.mov(R9, PANELS);
        s.mov(A, RDI);
        s.mov(C, RDX);
        return new GroupLoop(s, s.label());
    }

    /** Expects the end of the group of B in rax; returns from the function after the last group. */
    void end(int columns) {
        s.mov(RDI, A);
        s.mov(R9, PANELS);
        s.add(C, 4 * columns);
        s.mov(RDX, C);
        s.mov(RSI, RAX);
        s.dec(GROUPS);
        s.jnz(label);
        for (int i = SAVED.length - 1; i >= 0; i--) {
            s.pop(SAVED[i]);
        }
        s.ret();
    }
}
