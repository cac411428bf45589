package konsil.kernel;

/**
 * How a weight matrix (out, in) is stored for multiplication. Output rows are kept in groups; within a group, the
 * values that one vector instruction needs lie side by side. Both sizes are padded with zeros: the rows to whole
 * groups, the columns to a multiple of {@value #COLUMN_ALIGNMENT}. All numbers are little-endian.
 *
 * <ul>
 *   <li>{@code F32}: group of 32 rows, {@code [k][32]} floats.
 *   <li>{@code BF16}: group of 32 rows, {@code [k/2][32]} pairs (column k in the low half, k+1 in the high half).
 *   <li>{@code Q8_0}: group of 16 rows; each 64 columns are one superblock of 1088 bytes: {@code [16][16][4]} unsigned
 *       bytes {@code value + 128} (four columns of a row side by side), then two times 16 f16 scales, one per row for
 *       the first and the second 32 columns. The values and scales are GGUF's Q8_0.
 *   <li>{@code Q4_0}: group of 16 rows; superblock of 576 bytes: {@code [2][4][16][4]} bytes, one {@code [4][16][4]}
 *       for each 32 columns, whose low nibble is column {@code 4 g + i} and whose high nibble is column
 *       {@code 16 + 4 g + i} (g the second index, i the last), then the scales as in Q8_0. Nibbles are value + 8, as in
 *       GGUF's Q4_0.
 * </ul>
 *
 * In the Q formats, columns are cut into slabs of {@value #SLAB_COLUMNS}: first come all groups of the first slab, then
 * all groups of the second, the last slab being as wide as what is left. So a product with a single row reads weights
 * in one stream although it goes over the columns slab by slab, and the part of the row that it needs stays in the
 * first level cache (Q4_0 with 10240 columns: 76 % of the plain read rate without slabs).
 */
public enum WeightFormat {
    F32(32, 4L * 32 * 64),
    BF16(32, 2L * 32 * 64),
    Q8_0(16, 1088),
    Q4_0(16, 576);

    /** Columns are padded to a multiple of this. */
    public static final int COLUMN_ALIGNMENT = 64;

    /** Columns that share one scale in the Q formats, for weights and activations alike. */
    public static final int BLOCK = 32;

    /** Columns of a slab in the Q formats. */
    public static final int SLAB_COLUMNS = 2560;

    private final int groupRows;
    private final long bytesPer64Columns;

    WeightFormat(int groupRows, long bytesPer64Columns) {
        this.groupRows = groupRows;
        this.bytesPer64Columns = bytesPer64Columns;
    }

    /** Output rows that are stored together. */
    public int groupRows() {
        return groupRows;
    }

    /** Whether the values are integers with a scale per {@link #BLOCK} columns. */
    public boolean quantised() {
        return this == Q8_0 || this == Q4_0;
    }

    public int groups(int out) {
        return Math.ceilDiv(out, groupRows);
    }

    /** {@code in} rounded up to {@link #COLUMN_ALIGNMENT}. */
    public static int paddedColumns(int in) {
        return Math.multiplyExact(Math.ceilDiv(in, COLUMN_ALIGNMENT), COLUMN_ALIGNMENT);
    }

    /** Bytes of one group of rows, in the Q formats the sum over its slabs. */
    public long groupBytes(int in) {
        return paddedColumns(in) / COLUMN_ALIGNMENT * bytesPer64Columns;
    }

    /** Bytes of a whole (out, in) matrix. */
    public long bytes(int out, int in) {
        return Math.multiplyExact(groupBytes(in), (long) groups(out));
    }
}
