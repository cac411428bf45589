package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/** What the processor says about itself: the instructions CPUID and XGETBV. */
public enum CpuId implements Routine {
    /** (leaf, subleaf, place for eax, ebx, ecx, edx). */
    QUERY,
    /** (0, 0, place for eax): which registers the operating system saves; only where CPUID says OSXSAVE. */
    SAVED_REGISTERS;

    @Override
    public byte[] assemble() {
        var s = new Assembler();
        s.mov(R8, RDX);
        if (this == SAVED_REGISTERS) {
            s.mov(RCX, 0);
            s.xgetbv();
            s.mov32(Mem.at(R8, 0), RAX);
        } else {
            s.push(RBX);
            s.mov(RAX, RDI);
            s.mov(RCX, RSI);
            s.cpuid();
            s.mov32(Mem.at(R8, 0), RAX);
            s.mov32(Mem.at(R8, 4), RBX);
            s.mov32(Mem.at(R8, 8), RCX);
            s.mov32(Mem.at(R8, 12), RDX);
            s.pop(RBX);
        }
        s.leave();
        return s.toBytes();
    }
}
