package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/** Loops that show what the processor can do at best: the limits that measurements are held against. */
public enum Probe implements Routine {
    /** (rounds): 16 independent f32 multiply-adds of 16 lanes a round. */
    F32_PEAK,
    /** (rounds): 16 independent bf16 dot products of 2 x 16 a round. */
    BF16_PEAK,
    /** (rounds): 16 independent 8-bit dot products of 4 x 16 a round. */
    INT8_PEAK,
    /** (rounds, address): reads {@value #BYTES_PER_ROUND} bytes a round, one after the other. */
    READ;

    /** Bytes that a round of {@link #READ} reads. */
    public static final int BYTES_PER_ROUND = 512;

    private static final int CHAINS = 16;

    /** Multiplications and additions that a round makes. */
    public long operationsPerRound() {
        return switch (this) {
            case F32_PEAK -> CHAINS * 16 * 2L;
            case BF16_PEAK -> CHAINS * 32 * 2L;
            case INT8_PEAK -> CHAINS * 64 * 2L;
            case READ -> 0;
        };
    }

    @Override
    public byte[] assemble() {
        var s = new Assembler();
        for (int z = 0; z < 32; z++) {
            s.vpxord(z, z, z);
        }
        int loop = s.alignedLabel();
        if (this == READ) {
            for (int offset = 0; offset < BYTES_PER_ROUND; offset += 64) {
                s.vmovups(offset / 64, Mem.at(RSI, offset));
            }
            s.add(RSI, BYTES_PER_ROUND);
        } else {
            for (int z = 0; z < CHAINS; z++) {
                multiply(s, z);
            }
        }
        s.dec(RDI);
        s.jnz(loop);
        s.ret();
        return s.toBytes();
    }

    private void multiply(Assembler s, int sum) {
        switch (this) {
            case F32_PEAK -> s.vfmadd231ps(sum, 30, 31);
            case BF16_PEAK -> s.vdpbf16ps(sum, 30, 31);
            case INT8_PEAK -> s.vpdpbusd(sum, 30, 31);
            case READ -> throw new IllegalStateException("reads, does not multiply");
        }
    }
}
