package konsil.kernel.code;

/** The part of {@link Assembler} without vectors: general registers, jumps, prefetch, leaving the function. */
class IntegerAssembler extends Encoder {
    public final void kmovw(int mask, Gpr from) {
        if (from.bit3() == 0) {
            emit(0xC5, 0xF8);
        } else {
            emit(0xC4, 0xC1, 0x78);
        }
        emit(0x92, 0xC0 | mask << 3 | from.low3());
    }

    /** All 32 bits. */
    public final void kmovd(int mask, Gpr from) {
        if (from.bit3() == 0) {
            emit(0xC5, 0xFB);
        } else {
            emit(0xC4, 0xC1, 0x7B);
        }
        emit(0x92, 0xC0 | mask << 3 | from.low3());
    }

    /** All 32 bits turned around. */
    public final void knotd(int mask, int from) {
        emit(0xC4, 0xE1, 0xF9, 0x44, 0xC0 | mask << 3 | from);
    }

    public final void mov(Gpr to, Gpr from) {
        rexW(from, to);
        emit(0x89);
        registers(from, to);
    }

    public final void mov(Gpr to, int value) {
        emit(0x48 | to.bit3(), 0xC7, 0xC0 | to.low3());
        emit32(value);
    }

    public final void mov(Gpr to, Mem m) {
        rex(1, to.ordinal(), m);
        emit(0x8B);
        address(to.ordinal(), m, 1);
    }

    public final void lea(Gpr to, Mem m) {
        rex(1, to.ordinal(), m);
        emit(0x8D);
        address(to.ordinal(), m, 1);
    }

    public final void add(Gpr to, int value) {
        emit(0x48 | to.bit3());
        if (value >= -128 && value <= 127) {
            emit(0x83, 0xC0 | to.low3(), value);
        } else {
            emit(0x81, 0xC0 | to.low3());
            emit32(value);
        }
    }

    public final void add(Gpr to, Gpr from) {
        rexW(from, to);
        emit(0x01);
        registers(from, to);
    }

    public final void shl(Gpr r, int bits) {
        emit(0x48 | r.bit3(), 0xC1, 0xE0 | r.low3(), bits);
    }

    public final void shr(Gpr r, int bits) {
        emit(0x48 | r.bit3(), 0xC1, 0xE8 | r.low3(), bits);
    }

    /** Moves the lower 32 bits and clears the upper. */
    public final void mov32(Gpr to, Gpr from) {
        emit(0x40 | from.bit3() << 2 | to.bit3(), 0x89);
        registers(from, to);
    }

    public final void dec(Gpr r) {
        emit(0x48 | r.bit3(), 0xFF, 0xC8 | r.low3());
    }

    /** Sets the flags for r compared with zero. */
    public final void test(Gpr r) {
        rexW(r, r);
        emit(0x85);
        registers(r, r);
    }

    public final void push(Gpr r) {
        if (r.bit3() == 1) {
            emit(0x41);
        }
        emit(0x50 | r.low3());
    }

    public final void pop(Gpr r) {
        if (r.bit3() == 1) {
            emit(0x41);
        }
        emit(0x58 | r.low3());
    }

    /** Into all caches. */
    public final void prefetcht0(Mem m) {
        rex(0, 1, m);
        emit(0x0F, 0x18);
        address(1, m, 1);
    }

    // Jumps

    /** This place, to jump back to. */
    public final int label() {
        return size();
    }

    /** This place on a 64-byte boundary. */
    public final int alignedLabel() {
        while (size() % 64 != 0) {
            emit(0x90);
        }
        return size();
    }

    /** Jumps back when the last result was not zero. */
    public final void jnz(int label) {
        emit(0x0F, 0x85);
        emit32(label - (size() + 4));
    }

    /** Jumps ahead when the last result was zero; give what this returns to {@link #land}. */
    public final int jzAhead() {
        emit(0x0F, 0x84);
        emit32(0);
        return size();
    }

    /** The place that a jump ahead goes to. */
    public final void land(int jump) {
        patch32(jump - 4, size() - jump);
    }

    /** Stores the lower 32 bits. */
    public final void mov32(Mem m, Gpr from) {
        rex(0, from.ordinal(), m);
        emit(0x89);
        address(from.ordinal(), m, 1);
    }

    /** Features by leaf eax and subleaf ecx, into eax, ebx, ecx and edx. */
    public final void cpuid() {
        emit(0x0F, 0xA2);
    }

    /** Extended control register ecx into edx and eax. */
    public final void xgetbv() {
        emit(0x0F, 0x01, 0xD0);
    }

    /** Leaves a function that touched no vector register. */
    public final void leave() {
        emit(0xC3);
    }

    /** Leaves the function; the upper halves of the vector registers are cleared, as the calling convention asks. */
    public final void ret() {
        emit(0xC5, 0xF8, 0x77, 0xC3);
    }
}
