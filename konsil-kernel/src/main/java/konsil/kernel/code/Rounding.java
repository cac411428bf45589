package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/** Code that rounds f32 to bf16, nearest even, without instructions for bf16; NaN stays as it is. */
final class Rounding {
    /** Registers that the constants and the work take. */
    static final int REGISTERS = 4;

    private static final int NAN = 5;

    private final int one;
    private final int almostHalf;
    private final int upper;
    private final int work;

    /** @param firstRegister of {@value #REGISTERS}; mask register {@value #NAN} is used too */
    Rounding(int firstRegister) {
        one = firstRegister;
        almostHalf = firstRegister + 1;
        upper = firstRegister + 2;
        work = firstRegister + 3;
    }

    /** Loads the constants; uses rax. */
    void prepare(Assembler s) {
        constant(s, one, 1);
        constant(s, almostHalf, 0x7fff);
        constant(s, upper, 0xffff0000);
    }

    private static void constant(Assembler s, int z, int bits) {
        s.mov(RAX, bits);
        s.vpbroadcastd(z, RAX);
    }

    /** The upper half of z is rounded, the lower is left with anything; only for numbers whose NaN is a plain one. */
    void roundUpper(Assembler s, int z) {
        s.vpsrld(work, z, 16);
        s.vpandd(work, work, one);
        s.vpaddd(work, work, almostHalf);
        s.vpaddd(z, work, z);
    }

    /** The register whose upper halves are ones. */
    int upper() {
        return upper;
    }

    /** z = z rounded, as f32. */
    void round(Assembler s, int z) {
        s.vcmpunordps(NAN, z, z);
        s.vpsrld(work, z, 16);
        s.vpandd(work, work, one);
        s.vpaddd(work, work, almostHalf);
        s.vpaddd(work, work, z);
        s.vpandd(work, work, upper);
        s.vmovaps(work, z, NAN);
        s.vmovaps(z, work);
    }
}
