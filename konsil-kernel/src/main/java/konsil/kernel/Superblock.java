package konsil.kernel;

/** Where things lie in a superblock of the Q formats: 16 rows of 64 columns, see {@link WeightFormat}. */
final class Superblock {
    static final int ROWS = 16;
    static final int COLUMNS = 64;

    /** Bytes of a superblock. */
    static final int Q8_BYTES = 1088;

    static final int Q4_BYTES = 576;

    /** Where the scales begin. */
    static final int Q8_SCALES = 1024;

    static final int Q4_SCALES = 512;

    /** Bytes of the values of one block of 32 columns. */
    static final int Q8_BLOCK = 512;

    static final int Q4_BLOCK = 256;

    /** Bytes of the scales of one block. */
    static final int SCALES = 32;

    /** Bytes of four columns of all rows in Q8_0, of twice four in Q4_0. */
    static final int STEP = 64;

    private static final int BLOCK = WeightFormat.BLOCK;

    private Superblock() {}

    static int bytes(WeightFormat format) {
        return format == WeightFormat.Q8_0 ? Q8_BYTES : Q4_BYTES;
    }

    /** Where the superblock lies that holds a row's column. */
    static long address(PackedWeights w, int row, int col) {
        int superblocks = WeightFormat.paddedColumns(w.in()) / COLUMNS;
        int inSlab = WeightFormat.SLAB_COLUMNS / COLUMNS;
        int slab = col / WeightFormat.SLAB_COLUMNS;
        int width = Math.min(inSlab, superblocks - slab * inSlab);
        long before = (long) slab * inSlab * w.format().groups(w.out()) + (long) (row / ROWS) * width;
        return w.data().address() + (before + col / COLUMNS % inSlab) * bytes(w.format());
    }

    /** Where the first four values lie that a row has in the block of {@code col}; more follow each {@link #STEP}. */
    static long values(PackedWeights w, int row, int col) {
        int bytes = w.format() == WeightFormat.Q8_0 ? Q8_BLOCK : Q4_BLOCK;
        return address(w, row, col) + col % COLUMNS / BLOCK * bytes + 4 * (row % ROWS);
    }

    /** Where the f16 scale lies that a row has for the block of {@code col}. */
    static long scale(PackedWeights w, int row, int col) {
        int scales = w.format() == WeightFormat.Q8_0 ? Q8_SCALES : Q4_SCALES;
        return address(w, row, col) + scales + col % COLUMNS / BLOCK * SCALES + 2 * (row % ROWS);
    }

    /** The integer of a row in a column: -128..127 in Q8_0, -8..7 in Q4_0. */
    static int quant(PackedWeights w, int row, int col) {
        int inBlock = col % BLOCK;
        long at = values(w, row, col) + col % 4;
        if (w.format() == WeightFormat.Q8_0) {
            return (RawMemory.getByte(at + STEP * (inBlock / 4)) & 0xff) - 128;
        }
        int pair = RawMemory.getByte(at + STEP * (inBlock % 16 / 4));
        return (inBlock < 16 ? pair & 15 : pair >> 4 & 15) - 8;
    }
}
