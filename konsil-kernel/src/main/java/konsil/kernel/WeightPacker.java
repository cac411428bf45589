package konsil.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Brings weights into the layouts of {@link WeightFormat} and back. A matrix may be packed in parts, from any row on,
 * by one caller at a time; the part that holds the last row also writes the padding rows.
 *
 * <p>Padding is zero; in the Q formats that is the value 128 or 8 with scale 0. Parts are independent of each other, so
 * the bytes are the same however the matrix was cut.
 */
public final class WeightPacker {
    private static final int WIDTH = WeightFormat.COLUMN_ALIGNMENT;
    private static final int BLOCK = WeightFormat.BLOCK;

    /** Columns of a group of f32 rows whose place stays in the first-level cache while they are written. */
    private static final int TURNED = 32;

    private static final int Q8_BLOCK_BYTES = 34;
    private static final int Q4_BLOCK_BYTES = 18;
    private static final int Q8_ZEROS = 0x80808080;
    private static final int Q4_ZEROS = 0x88888888;

    private final Workers workers;

    /** @param workers packs groups of rows in parallel */
    public WeightPacker(Workers workers) {
        this.workers = workers;
    }

    /** A packed matrix in memory of its own; see {@link NativeMemory#copyOf}. */
    public PackedWeights copy(PackedWeights mapped, NativeMemory memory) {
        return new PackedWeights(mapped.format(), mapped.out(), mapped.in(), memory.copyOf(mapped.data(), workers));
    }

    /**
     * Packs f32 rows; the Q formats are quantised as GGUF's reference does.
     *
     * @param rows (count, in) rows {@code first} to {@code first + count - 1} of the matrix
     * @throws SizeException when columns or rows do not fit
     */
    public void pack(Rows rows, PackedWeights into, int first) {
        if (rows.cols() != into.in()) {
            throw new SizeException("pack: want %d columns, got %d".formatted(into.in(), rows.cols()));
        }
        checkRange(into, first, rows.rows());
        eachGroup(into, first, rows.rows(), (from, to) -> packGroup(rows, into, first, from, to));
    }

    /**
     * Packs rows of GGUF blocks of the same format, 34 bytes (Q8_0) or 18 bytes (Q4_0) for each 32 columns, without
     * quantising them again.
     *
     * @param blocks native memory: {@code count} rows of {@code in / 32} blocks
     * @throws SizeException when format, columns, rows or bytes do not fit
     */
    public void packBlocks(MemorySegment blocks, PackedWeights into, int first, int count) {
        checkRange(into, first, count);
        if (!into.format().quantised() || into.in() % BLOCK != 0) {
            throw new SizeException("pack blocks: want a Q format and columns in blocks of %d, got %s and %d"
                    .formatted(BLOCK, into.format(), into.in()));
        }
        long want = count * ggufRowBytes(into);
        if (!blocks.isNative() || blocks.byteSize() != want) {
            throw new SizeException(
                    "pack blocks: want %d native bytes for %d rows, got %d".formatted(want, count, blocks.byteSize()));
        }
        eachGroup(into, first, count, (from, to) -> packBlockGroup(blocks.address(), into, first, from, to));
    }

    /**
     * Writes the values of one row of the matrix.
     *
     * @param into (any, in), of which row {@code at} is written
     * @throws SizeException when rows or columns do not fit
     */
    public static void unpackRow(PackedWeights w, int row, Rows into, int at) {
        if (row < 0 || row >= w.out() || at < 0 || at >= into.rows() || into.cols() != w.in()) {
            throw new SizeException("unpack: row %d of %d x %d into row %d of %d x %d"
                    .formatted(row, w.out(), w.in(), at, into.rows(), into.cols()));
        }
        long to = into.address(at);
        for (int c = 0; c < w.in(); c += BLOCK) {
            unpackBlock(w, row, c, Math.min(w.in(), c + BLOCK), to);
        }
    }

    /** Columns {@code from} to {@code end - 1} of one block; {@code to} is the address of column 0. */
    static void unpackBlock(PackedWeights w, int row, int from, int end, long to) {
        if (w.format().quantised() && end - from == BLOCK) {
            BlockUnpacker.unpack(w, row, from, to + 4L * from);
            return;
        }
        float scale =
                w.format().quantised() ? Float.float16ToFloat(RawMemory.getShort(Superblock.scale(w, row, from))) : 1;
        for (int c = from; c < end; c++) {
            float value =
                    switch (w.format()) {
                        case F32 -> RawMemory.getFloat(denseAddress(w, row, c));
                        case BF16 -> Bf16.value(RawMemory.getShort(denseAddress(w, row, c)));
                        case Q8_0, Q4_0 -> scale * Superblock.quant(w, row, c);
                    };
            RawMemory.setFloat(to + 4L * c, value);
        }
    }

    /** Where a value of F32 or BF16 weights lies. */
    static long denseAddress(PackedWeights w, int row, int col) {
        int groupRows = w.format().groupRows();
        long group = w.data().address() + (long) (row / groupRows) * w.format().groupBytes(w.in());
        int inGroup = row % groupRows;
        return w.format() == WeightFormat.F32
                ? group + 4L * ((long) groupRows * col + inGroup)
                : group + 4L * ((long) groupRows * (col / 2) + inGroup) + 2 * (col % 2);
    }

    private interface GroupTask {
        /** Packs rows {@code from} to {@code to - 1}, all of one group; rows from {@code out} on are padding. */
        void run(int from, int to);
    }

    private void eachGroup(PackedWeights into, int first, int count, GroupTask task) {
        int groupRows = into.format().groupRows();
        boolean last = first + count == into.out();
        int end = last ? into.format().groups(into.out()) * groupRows : first + count;
        int firstGroup = first / groupRows;
        int groups = count == 0 ? 0 : Math.ceilDiv(end, groupRows) - firstGroup;
        workers.run(groups, g -> {
            int start = (firstGroup + g) * groupRows;
            task.run(Math.max(first, start), Math.min(end, start + groupRows));
        });
    }

    private static void checkRange(PackedWeights into, int first, int count) {
        if (first < 0 || count < 0 || first + (long) count > into.out()) {
            throw new SizeException("pack: rows %d..%d of %d".formatted(first, first + (long) count - 1, into.out()));
        }
    }

    /** Walks 64 columns at a time, so that the cache lines a group's rows share are filled while they are near. */
    private static void packGroup(Rows rows, PackedWeights into, int first, int from, int to) {
        var format = into.format();
        if (format == WeightFormat.F32) {
            packF32(rows, into, first, from, to);
            return;
        }
        var values = new float[WIDTH];
        for (int col = 0; col < into.in(); col += WIDTH) {
            int width = Math.min(WIDTH, into.in() - col);
            for (int row = from; row < to; row++) {
                int there = row < into.out() ? width : 0;
                read(rows, row - first, col, there, values);
                switch (format) {
                    case F32 -> throw new IllegalStateException("f32 is packed apart");
                    case BF16 -> storeBf16(values, denseAddress(into, row, col));
                    case Q8_0, Q4_0 -> storeQuantised(into, values, there, row, col);
                }
            }
        }
    }

    /** {@code there} values of a row and zeros after them. */
    private static void read(Rows rows, int row, int col, int there, float[] values) {
        long address = rows.address(row) + 4L * col;
        for (int i = 0; i < there; i++) {
            values[i] = RawMemory.getFloat(address + 4L * i);
        }
        for (int i = there; i < WIDTH; i++) {
            values[i] = 0;
        }
    }

    /** Training packs every matrix anew for each product: nothing but loads and stores, some columns of all rows. */
    private static void packF32(Rows rows, PackedWeights into, int first, int from, int to) {
        int there = Math.min(to, into.out());
        int padded = WeightFormat.paddedColumns(into.in());
        for (int col = 0; col < padded; col += TURNED) {
            int width = Math.clamp(into.in() - col, 0, TURNED);
            for (int row = from; row < there; row++) {
                long target = denseAddress(into, row, col);
                turn(rows.address(row - first) + 4L * col, target, width);
                clear(target + 128L * width, TURNED - width);
            }
            for (int row = Math.max(from, there); row < to; row++) {
                clear(denseAddress(into, row, col), TURNED);
            }
        }
    }

    private static void turn(long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            RawMemory.setFloat(to + 128L * i, RawMemory.getFloat(from + 4L * i));
        }
    }

    private static void clear(long to, int count) {
        for (int i = 0; i < count; i++) {
            RawMemory.setFloat(to + 128L * i, 0);
        }
    }

    private static void storeBf16(float[] values, long at) {
        for (int i = 0; i < WIDTH; i += 2) {
            RawMemory.setInt(at + 64L * i, Bf16.bits(values[i]) | Bf16.bits(values[i + 1]) << 16);
        }
    }

    /** @param there values that are not padding; a block of padding alone gets scale 0, not GGUF's -0 */
    private static void storeQuantised(PackedWeights into, float[] values, int there, int row, int col) {
        var format = into.format();
        var q = new int[BLOCK];
        for (int i = 0; i < WIDTH; i += BLOCK) {
            boolean q8 = format == WeightFormat.Q8_0;
            short scale = q8 ? BlockQuantiser.q8(values, i, q) : BlockQuantiser.q4(values, i, q);
            RawMemory.setShort(Superblock.scale(into, row, col + i), i < there ? scale : 0);
            long at = Superblock.values(into, row, col + i);
            if (q8) {
                storeBytes(q, at);
            } else {
                storeNibbles(q, at);
            }
        }
    }

    private static void storeBytes(int[] q, long at) {
        for (int i = 0; i < BLOCK; i += 4) {
            int four = q[i] & 0xff | (q[i + 1] & 0xff) << 8 | (q[i + 2] & 0xff) << 16 | q[i + 3] << 24;
            RawMemory.setInt(at + Superblock.STEP / 4 * i, four ^ Q8_ZEROS); // adds 128 to each byte
        }
    }

    private static void storeNibbles(int[] q, long at) {
        for (int i = 0; i < BLOCK / 2; i += 4) {
            int low = q[i] | q[i + 1] << 8 | q[i + 2] << 16 | q[i + 3] << 24;
            int high = q[i + 16] | q[i + 17] << 8 | q[i + 18] << 16 | q[i + 19] << 24;
            RawMemory.setInt(at + Superblock.STEP / 4 * i, low | high << 4);
        }
    }

    private static long ggufRowBytes(PackedWeights w) {
        return (long) w.in() / BLOCK * (w.format() == WeightFormat.Q8_0 ? Q8_BLOCK_BYTES : Q4_BLOCK_BYTES);
    }

    private static void packBlockGroup(long blocks, PackedWeights into, int first, int from, int to) {
        var format = into.format();
        int perRow = into.in() / BLOCK;
        long blockBytes = ggufRowBytes(into) / Math.max(1, perRow);
        for (int col = 0; col < WeightFormat.paddedColumns(into.in()); col += BLOCK) {
            for (int row = from; row < to; row++) {
                boolean padding = row >= into.out() || col >= into.in();
                long block = blocks + ((long) (row - first) * perRow + col / BLOCK) * blockBytes;
                RawMemory.setShort(Superblock.scale(into, row, col), padding ? 0 : RawMemory.getShort(block));
                copyValues(format, padding, block + 2, Superblock.values(into, row, col));
            }
        }
    }

    /** Q4_0 needs no shuffling: GGUF too keeps column i in the low and column i + 16 in the high nibble of byte i. */
    private static void copyValues(WeightFormat format, boolean padding, long from, long to) {
        boolean q8 = format == WeightFormat.Q8_0;
        for (int i = 0; i < (q8 ? 8 : 4); i++) {
            int zeros = q8 ? 0 : Q4_ZEROS;
            int four = padding ? zeros : RawMemory.getInt(from + 4 * i);
            RawMemory.setInt(to + Superblock.STEP * i, q8 ? four ^ Q8_ZEROS : four); // adds 128 to each byte
        }
    }
}
