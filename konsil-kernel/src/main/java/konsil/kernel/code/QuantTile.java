package konsil.kernel.code;

import static konsil.kernel.code.Gpr.*;

/**
 * Micro-kernel of a product with Q8_0 or Q4_0 weights: C (rows, 16) = or += A (rows, k) B (k, 16), A being rows of
 * activations quantised to 8 bits per 32 columns.
 *
 * <p>A is packed in panels of {@code rows} rows; for each block of 32 columns first 32 bytes of row 0, 32 bytes of row
 * 1 and so on, then for each row the 32-bit integer {@code -offset * sum of the block}, then for each row the f32
 * scale. B is a group of {@link konsil.kernel.WeightFormat}, whose values are stored with an offset (128 or 8) to be
 * unsigned; the integer sums begin with what takes the offset back, so it costs nothing.
 *
 * <p>As in {@link DenseTile}, each element of C is one chain of operations over the blocks of k.
 *
 * @param q4 weights of 4 bits instead of 8
 * @param rows rows of a panel, 1 to {@value #MAX_ROWS}
 * @param accumulate begin with what C holds instead of zero
 */
public record QuantTile(boolean q4, int rows, boolean accumulate) implements Routine {
    /** Rows of a full panel: an integer and a float accumulator for each, and 6 registers to work in. */
    public static final int MAX_ROWS = 12;

    /** Columns of C that one call computes. */
    public static final int COLUMNS = 16;

    private static final int BLOCK = 32;
    private static final int FLOAT_SUM = MAX_ROWS;
    private static final int W0 = 2 * MAX_ROWS;
    private static final int W1 = W0 + 1;
    private static final int SCALES = W0 + 2;
    private static final int PRODUCT = W0 + 3;
    private static final int HIGH_NIBBLES = 30;
    private static final int LOW_NIBBLES = 31;

    /** Up to here a second integer sum for each row fits, which makes the chains of dot products half as long. */
    private static final int FEW_ROWS = 5;

    private static final int FAR_AHEAD = 8192;

    /** Bytes of one block of one row in a panel: values, offset, scale. */
    public static final int ROW_BLOCK_BYTES = BLOCK + 4 + 4;

    /** What is added to the weights to make them unsigned. */
    public static int offset(boolean q4) {
        return q4 ? 8 : 128;
    }

    /**
     * Code of a function (A, B, C, bytes between rows of C, superblocks of 64 columns, counts): several panels, which
     * follow each other in memory, and their rows of C likewise, meet several groups of B; the last number is
     * {@link #counts}.
     */
    @Override
    public byte[] assemble() {
        var s = new Assembler();
        if (q4) {
            s.mov(RAX, 0x0f0f0f0f);
            s.vpbroadcastd(LOW_NIBBLES, RAX);
            s.mov(RAX, 0xf0f0f0f0);
            s.vpbroadcastd(HIGH_NIBBLES, RAX);
        }
        var groups = GroupLoop.begin(s);
        int panel = s.label();
        s.mov(RAX, RSI);
        s.mov(R10, RDX);
        begin(s);
        s.mov(R11, R8);
        int loop = s.alignedLabel();
        block(s, 0);
        block(s, 1);
        s.add(RDI, 2 * rows * ROW_BLOCK_BYTES);
        s.add(RAX, superblockBytes());
        s.dec(R11);
        s.jnz(loop);
        for (int row = 0; row < rows; row++) {
            s.vmovups(Mem.at(RDX, 0), FLOAT_SUM + row);
            s.add(RDX, RCX);
        }
        s.dec(R9);
        s.jnz(panel);
        groups.end(COLUMNS);
        return s.toBytes();
    }

    private int superblockBytes() {
        return q4 ? 576 : 1088;
    }

    /** How many panels and how many groups a call is for. With more than one group, A must hold all of k. */
    public static long counts(int panels, int groups) {
        return GroupLoop.counts(panels, groups);
    }

    private void begin(Assembler s) {
        for (int row = 0; row < rows; row++) {
            if (accumulate) {
                s.vmovups(FLOAT_SUM + row, Mem.at(R10, 0));
            } else {
                s.vpxord(FLOAT_SUM + row, FLOAT_SUM + row, FLOAT_SUM + row);
            }
            s.add(R10, RCX);
        }
    }

    private boolean fewRows() {
        return rows <= FEW_ROWS;
    }

    /**
     * Many rows gain a tenth from the next superblock being fetched. Few rows gain only from what lies far ahead (Q4_0
     * with one row: 87 % of the plain read rate instead of 70, with four: 70 instead of 52), a single row in Q8_0
     * nothing at all.
     */
    private void prefetch(Assembler s, int offset) {
        if (!fewRows()) {
            s.prefetcht0(Mem.at(RAX, superblockBytes() + offset));
        } else if (q4 || rows > 1) {
            s.prefetcht0(Mem.at(RAX, FAR_AHEAD + offset));
        }
    }

    private void block(Assembler s, int block) {
        int a = block * rows * ROW_BLOCK_BYTES;
        for (int row = 0; row < rows; row++) {
            s.vpbroadcastd(row, Mem.at(RDI, a + rows * BLOCK + 4 * row));
            if (fewRows()) {
                s.vpxord(rows + row, rows + row, rows + row);
            }
        }
        if (q4) {
            dotNibbles(s, block, a);
        } else {
            dotBytes(s, block, a);
        }
        if (fewRows()) {
            joinSums(s);
        }
        s.vcvtph2ps(SCALES, Mem.at(RAX, superblockBytes() - 64 + 32 * block));
        for (int row = 0; row < rows; row++) {
            int product = PRODUCT + (row & 1);
            s.vcvtdq2ps(row, row);
            s.vmulps(product, SCALES, Mem.at(RDI, a + rows * (BLOCK + 4) + 4 * row), true);
            s.vfmadd231ps(FLOAT_SUM + row, row, product);
        }
    }

    private void dotBytes(Assembler s, int block, int a) {
        for (int four = 0; four < 8; four++) {
            int w = W0 + (four & 1);
            int offset = (block * 8 + four) * 64;
            prefetch(s, offset);
            s.vmovups(w, Mem.at(RAX, offset));
            dotRows(s, fewRows() ? four & 1 : 0, w, a + 4 * four);
        }
    }

    /** The few rows' second sums are of 16 times the high nibbles, which saves shifting each weight. */
    private void dotNibbles(Assembler s, int block, int a) {
        for (int four = 0; four < 4; four++) {
            int offset = (block * 4 + four) * 64;
            prefetch(s, offset);
            s.vmovups(W1, Mem.at(RAX, offset));
            s.vpandd(W0, W1, LOW_NIBBLES);
            dotRows(s, 0, W0, a + 4 * four);
            if (fewRows()) {
                s.vpandd(W1, W1, HIGH_NIBBLES);
            } else {
                s.vpsrlw(W1, W1, 4);
                s.vpandd(W1, W1, LOW_NIBBLES);
            }
            dotRows(s, fewRows() ? 1 : 0, W1, a + 16 + 4 * four);
        }
    }

    private void dotRows(Assembler s, int which, int w, int a) {
        for (int row = 0; row < rows; row++) {
            s.vpdpbusd(which * rows + row, w, Mem.at(RDI, a + row * BLOCK), true);
        }
    }

    private void joinSums(Assembler s) {
        for (int row = 0; row < rows; row++) {
            if (q4) {
                s.vpsrad(rows + row, rows + row, 4); // exact: a multiple of 16
            }
            s.vpaddd(row, row, rows + row);
        }
    }
}
