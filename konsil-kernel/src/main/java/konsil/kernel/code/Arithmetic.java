package konsil.kernel.code;

/**
 * How tiles of f32 or bf16 multiply. A step is one 32-bit element of the operand that is read as it is stored (weights,
 * keys, values): one number in f32, a pair in bf16.
 */
public enum Arithmetic {
    /** f32 by f32. */
    F32(1, 4),
    /** Pairs of bf16 by the processor's dot product. */
    BF16(2, 4),
    /**
     * Pairs of bf16 on processors without that dot product: one after the other is widened and multiplied in f32. The
     * packed operand holds numbers that were rounded to bf16 as f32.
     */
    WIDENED(2, 8);

    /** What {@link #WIDENED} keeps its mask of odd 16-bit elements in. */
    private static final int ODD = 6;

    private final int numbersPerStep;
    private final int packedStepBytes;

    Arithmetic(int numbersPerStep, int packedStepBytes) {
        this.numbersPerStep = numbersPerStep;
        this.packedStepBytes = packedStepBytes;
    }

    /** Numbers along the sum that a step multiplies. */
    public int numbersPerStep() {
        return numbersPerStep;
    }

    /** Bytes of a step for one row of the packed operand. */
    public int packedStepBytes() {
        return packedStepBytes;
    }

    /** Bytes of a packed number. */
    public int packedBytes() {
        return packedStepBytes / numbersPerStep;
    }

    /** Bytes that lie side by side for one row of a panel. */
    public int partBytes() {
        return DenseTile.STEPS * packedStepBytes;
    }

    /** Numbers that lie side by side for one row of a panel. */
    public int partNumbers() {
        return DenseTile.STEPS * numbersPerStep;
    }

    /** Whether the operands are bf16. */
    public boolean bf16() {
        return this != F32;
    }

    /** What {@link #step} expects, before the sums begin; uses rax. */
    void prepare(Assembler s) {
        if (this == WIDENED) {
            s.mov(Gpr.RAX, 0xaaaaaaaa);
            s.kmovd(ODD, Gpr.RAX);
            s.mov(Gpr.RAX, 0xffff0000);
            s.vpbroadcastd(UPPER, Gpr.RAX);
        }
    }

    /**
     * What a step multiplies: row r's packed element, {@code r * partBytes()} behind {@code packed}, by
     * {@code vectors} vectors from {@code stored} on, into registers {@code 2 * r} and {@code 2 * r + 1}; registers 28
     * to 31 are used, and 24 to 26 where there are few rows.
     */
    record Step(int rows, int vectors, Mem packed, Mem stored) {}

    private static final int B0 = 2 * DenseTile.MAX_ROWS;
    private static final int A0 = B0 + 2;

    /** Up to so many rows leave registers free in which pairs wait for their second half. */
    private static final int FEW_ROWS = 4;

    private static final int PAIR = 24;
    private static final int UPPER = 26;

    void step(Assembler s, Step step) {
        if (this == WIDENED && step.rows() <= FEW_ROWS) {
            fewWidened(s, step);
            return;
        }
        for (int half = 0; half < (this == WIDENED ? 2 : 1); half++) {
            for (int v = 0; v < step.vectors(); v++) {
                load(s, B0 + v, step.stored().plus(64 * v), half);
            }
            for (int row = 0; row < step.rows(); row++) {
                int a = A0 + (row & 1);
                s.vbroadcastss(a, step.packed().plus(row * partBytes() + 4 * half));
                for (int v = 0; v < step.vectors(); v++) {
                    multiplyAdd(s, 2 * row + v, a, B0 + v);
                }
            }
        }
    }

    /**
     * The same operations in fewer instructions: few rows wait for memory, and the fewer instructions a step has, the
     * further the processor reads ahead (88 % of the plain read rate instead of 78).
     */
    private void fewWidened(Assembler s, Step step) {
        for (int half = 0; half < 2; half++) {
            for (int v = 0; v < step.vectors(); v++) {
                if (half == 0) {
                    s.vmovups(PAIR + v, step.stored().plus(64 * v));
                    s.vpslld(B0 + v, PAIR + v, 16);
                } else {
                    s.vpandd(B0 + v, PAIR + v, UPPER);
                }
            }
            for (int row = 0; row < step.rows(); row++) {
                for (int v = 0; v < step.vectors(); v++) {
                    s.vfmadd231ps(2 * row + v, B0 + v, step.packed().plus(row * partBytes() + 4 * half), true);
                }
            }
        }
    }

    private void load(Assembler s, int z, Mem m, int half) {
        if (this != WIDENED) {
            s.vmovups(z, m);
        } else if (half == 0) {
            s.vpslld(z, m, 16);
        } else {
            s.vmovdqu16(z, m, ODD + Assembler.ZEROING);
        }
    }

    private void multiplyAdd(Assembler s, int sum, int a, int b) {
        if (this == BF16) {
            s.vdpbf16ps(sum, a, b);
        } else {
            s.vfmadd231ps(sum, a, b);
        }
    }
}
