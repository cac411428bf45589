package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Rotary position embedding of one row: each head's pair (d, d + half) is turned by angle d.
 *
 * @param half half the head's dimensions, a multiple of 16
 */
public record Rotate(int half) implements Routine {
    private static final int LEFT = 0;
    private static final int RIGHT = 1;
    private static final int COS = 2;
    private static final int SIN = 3;
    private static final int TURNED = 4;
    private static final int CROSSED = 5;

    /** Code of a function (x, cosines, sines, y, heads). */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        int head = s.label();
        s.mov(RAX, 0);
        s.mov(R11, half / 16);
        int loop = s.alignedLabel();
        s.vmovups(LEFT, Mem.at(RDI, RAX, 1, 0));
        s.vmovups(RIGHT, Mem.at(RDI, RAX, 1, 4 * half));
        s.vmovups(COS, Mem.at(RSI, RAX, 1, 0));
        s.vmovups(SIN, Mem.at(RDX, RAX, 1, 0));
        s.vmulps(CROSSED, RIGHT, SIN);
        s.vmovaps(TURNED, LEFT);
        s.vfmsub213ps(TURNED, COS, CROSSED);
        s.vmovups(Mem.at(RCX, RAX, 1, 0), TURNED);
        s.vmulps(CROSSED, LEFT, SIN);
        s.vfmadd213ps(RIGHT, COS, CROSSED);
        s.vmovups(Mem.at(RCX, RAX, 1, 4 * half), RIGHT);
        s.add(RAX, 64);
        s.dec(R11);
        s.jnz(loop);
        s.add(RDI, 8 * half);
        s.add(RCX, 8 * half);
        s.dec(R8);
        s.jnz(head);
        s.ret();
        return s.toBytes();
    }
}
