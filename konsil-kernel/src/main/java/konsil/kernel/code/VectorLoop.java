package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * A loop over floats that lie side by side, 16 at a time, the last ones under a mask: mask register {@value #MASK}
 * tells the body which floats there are, and what is loaded under it is zero where there are none.
 */
final class VectorLoop {
    static final int MASK = 7;

    /** Add this to a mask register to load zeros where the mask is not set. */
    static final int LOAD = MASK + Assembler.ZEROING;

    /** Code for 16 floats that lie {@code rax} bytes behind the start of each operand. */
    @FunctionalInterface
    interface Body {
        void emit();
    }

    private VectorLoop() {}

    /**
     * Emits the loop; changes rax, r10 and r11.
     *
     * @param vectors register with the number of whole vectors
     * @param tail where the mask of the last floats stands, 0 for none
     */
    static void emit(Assembler s, Gpr vectors, Mem tail, Body body) {
        s.mov(RAX, 0);
        s.mov(R10, -1);
        s.mov(R11, vectors);
        s.kmovw(MASK, R10);
        s.test(R11);
        int noneWhole = s.jzAhead();
        int loop = s.alignedLabel();
        body.emit();
        s.add(RAX, 64);
        s.dec(R11);
        s.jnz(loop);
        s.land(noneWhole);
        s.mov(R10, tail);
        s.test(R10);
        int noTail = s.jzAhead();
        s.kmovw(MASK, R10);
        body.emit();
        s.land(noTail);
    }
}
