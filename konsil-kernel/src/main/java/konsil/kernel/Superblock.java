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

    /** Start of the values of the block of {@code col} in a group. */
    static long block(WeightFormat format, long group, int col) {
        int bytes = format == WeightFormat.Q8_0 ? Q8_BLOCK : Q4_BLOCK;
        return group + (long) (col / COLUMNS) * bytes(format) + col % COLUMNS / BLOCK * bytes;
    }

    /** Where the f16 scale lies that a row of a group has for the block of {@code col}. */
    static long scale(WeightFormat format, long group, int row, int col) {
        int scales = format == WeightFormat.Q8_0 ? Q8_SCALES : Q4_SCALES;
        long superblock = group + (long) (col / COLUMNS) * bytes(format);
        return superblock + scales + col % COLUMNS / BLOCK * SCALES + 2 * row;
    }

    /** The integer of a row of a group in a column: -128..127 in Q8_0, -8..7 in Q4_0. */
    static int quant(WeightFormat format, long group, int row, int col) {
        int inBlock = col % BLOCK;
        long at = block(format, group, col) + 4 * row + col % 4;
        if (format == WeightFormat.Q8_0) {
            return (RawMemory.getByte(at + STEP * (inBlock / 4)) & 0xff) - 128;
        }
        int pair = RawMemory.getByte(at + STEP * (inBlock % 16 / 4));
        return (inBlock < 16 ? pair & 15 : pair >> 4 & 15) - 8;
    }
}
