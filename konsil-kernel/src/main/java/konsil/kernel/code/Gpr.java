package konsil.kernel.code;

/** General registers of x86-64 in the order of their encoding. */
public enum Gpr {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15;

    int low3() {
        return ordinal() & 7;
    }

    int bit3() {
        return ordinal() >> 3;
    }
}
