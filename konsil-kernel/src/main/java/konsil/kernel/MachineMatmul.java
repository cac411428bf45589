package konsil.kernel;

import java.lang.foreign.MemorySegment;
import konsil.kernel.code.Arithmetic;
import konsil.kernel.code.CodeMemory;
import konsil.kernel.code.DensePack;
import konsil.kernel.code.DenseTile;
import konsil.kernel.code.MachineCode;
import konsil.kernel.code.QuantPack;
import konsil.kernel.code.QuantTile;

/**
 * Matrix products out of machine code tiles. The activations are packed once, then blocks of them that fit the second
 * level cache meet all weights, which stream by.
 *
 * <p>Sizes of the blocks were found by trying (512 x 2560 x 10240 and 512 x 10240 x 2560 on Zen 4: 94 % of peak in bf16
 * with 1280 steps, 89 % with 384; 76 % in Q8_0 with 40 superblocks, 67 % with 10).
 */
final class MachineMatmul {
    private static final int CHUNKS_PER_CORE = 8;
    private static final int DENSE_STEPS_PER_BLOCK = 1280;
    private static final int DENSE_PANELS_PER_BLOCK = 12;
    private static final int QUANT_SUPERBLOCKS_PER_BLOCK = WeightFormat.SLAB_COLUMNS / WeightFormat.COLUMN_ALIGNMENT;
    private static final int QUANT_PANELS_PER_BLOCK = 20;
    private static final int SUPERBLOCK = WeightFormat.COLUMN_ALIGNMENT;

    private final CodeMemory code;
    private final Arithmetic bf16;
    private final Scratch scratch;
    private final Workers workers;

    /** @param bf16 how bf16 is multiplied */
    MachineMatmul(CodeMemory code, Arithmetic bf16, Scratch scratch, Workers workers) {
        this.code = code;
        this.bf16 = bf16;
        this.scratch = scratch;
        this.workers = workers;
    }

    void matmul(Rows x, PackedWeights w, Rows y) {
        if (x.rows() == 0 || w.out() == 0) {
            return;
        }
        if (w.in() == 0) {
            clear(y);
            return;
        }
        var plan = plan(x.rows(), w);
        var packed = scratch.take(plan.packedBytes());
        try {
            workers.run(plan.panels(), panel -> pack(x, plan, packed.address(), panel));
            int ranges = Math.clamp(
                    (long) CHUNKS_PER_CORE * workers.cores() / plan.blocks(), 1, Math.max(1, plan.groups() / 2));
            workers.run(plan.blocks() * ranges, chunk -> {
                int block = chunk / ranges;
                int range = chunk % ranges;
                int from = (int) ((long) plan.groups() * range / ranges);
                int to = (int) ((long) plan.groups() * (range + 1) / ranges);
                multiply(plan, packed.address(), y, new Part(block, from, to));
            });
        } finally {
            scratch.give(packed);
        }
    }

    private Plan plan(int rows, PackedWeights w) {
        return w.format().quantised() ? Plan.quantised(rows, w) : Plan.dense(rows, w, arithmetic(w.format()));
    }

    private Arithmetic arithmetic(WeightFormat dense) {
        return dense == WeightFormat.BF16 ? bf16 : Arithmetic.F32;
    }

    private static void clear(Rows y) {
        for (int row = 0; row < y.rows(); row++) {
            RawMemory.ALL.asSlice(y.address(row), 4L * y.cols()).fill((byte) 0);
        }
    }

    /**
     * How a product is cut. Units of k are steps of {@link DenseTile} or superblocks of {@link QuantTile}.
     *
     * @param tileRows rows of a full panel
     * @param unitBytes bytes of a unit in the packed activations, per row
     * @param groupUnitBytes bytes of a unit in a group of weights
     * @param unitsPerBlock units that stay in cache together; a single panel always does
     * @param panelsPerBlock panels that stay in cache together
     */
    private record Plan(
            int rows,
            PackedWeights weights,
            int units,
            int tileRows,
            int unitBytes,
            int groupUnitBytes,
            int unitsPerBlock,
            int panelsPerBlock) {
        static Plan dense(int rows, PackedWeights w, Arithmetic arithmetic) {
            int steps = WeightFormat.paddedColumns(w.in()) / arithmetic.numbersPerStep();
            int unitBytes = arithmetic.packedStepBytes();
            int atOnce = rows <= DenseTile.MAX_ROWS ? steps : DENSE_STEPS_PER_BLOCK * 4 / unitBytes;
            int groupUnitBytes = 4 * DenseTile.COLUMNS;
            return new Plan(
                    rows, w, steps, DenseTile.MAX_ROWS, unitBytes, groupUnitBytes, atOnce, DENSE_PANELS_PER_BLOCK);
        }

        static Plan quantised(int rows, PackedWeights w) {
            int superblocks = WeightFormat.paddedColumns(w.in()) / SUPERBLOCK;
            int unitBytes = SUPERBLOCK / WeightFormat.BLOCK * QuantTile.ROW_BLOCK_BYTES;
            int groupUnitBytes = (int) w.format().groupBytes(SUPERBLOCK);
            return new Plan(
                    rows,
                    w,
                    superblocks,
                    QuantTile.MAX_ROWS,
                    unitBytes,
                    groupUnitBytes,
                    QUANT_SUPERBLOCKS_PER_BLOCK,
                    QUANT_PANELS_PER_BLOCK);
        }

        WeightFormat format() {
            return weights.format();
        }

        int groups() {
            return format().groups(weights.out());
        }

        int panels() {
            return Math.ceilDiv(rows, tileRows);
        }

        int blocks() {
            return Math.ceilDiv(panels(), panelsPerBlock);
        }

        int panelRows(int panel) {
            return Math.min(tileRows, rows - panel * tileRows);
        }

        /** Bytes behind the last panel's end are there because micro-kernels may prefetch, never read, beyond it. */
        long packedBytes() {
            return (long) rows * units * unitBytes;
        }

        /** Whether groups of a block of k follow each other in memory: in slabs they do, otherwise when k is whole. */
        boolean groupsTouch(int blockUnits) {
            return format().quantised() || blockUnits == units;
        }

        /** Offset of a group's units from {@code unit} on, {@code here} of which are in the block of k. */
        long weightOffset(int group, int unit, int here) {
            long before =
                    format().quantised() ? (long) unit * groups() + (long) group * here : (long) group * units + unit;
            return before * groupUnitBytes;
        }

        /** Offset of a panel's units from {@code unit} on: all panels of a block of k lie together. */
        long offset(int panel, int unit) {
            int here = Math.min(unitsPerBlock, units - unit);
            return ((long) unit * rows + (long) panel * tileRows * here) * unitBytes;
        }
    }

    private void pack(Rows x, Plan plan, long packed, int panel) {
        for (int unit = 0; unit < plan.units(); unit += plan.unitsPerBlock()) {
            int units = Math.min(plan.unitsPerBlock(), plan.units() - unit);
            var part = new PanelPart(packed + plan.offset(panel, unit), plan.panelRows(panel), unit, units);
            for (int row = 0; row < part.rows(); row++) {
                long source = x.address(panel * plan.tileRows() + row);
                if (plan.format().quantised()) {
                    quantise(source, x.cols(), plan.format() == WeightFormat.Q4_0, part, row);
                } else {
                    copy(source, x.cols(), arithmetic(plan.format()), part, row);
                }
            }
        }
    }

    /** Units {@code unit} to {@code unit + units - 1} of a panel, at an address. */
    private record PanelPart(long address, int rows, int unit, int units) {}

    private void copy(long source, int cols, Arithmetic arithmetic, PanelPart part, int row) {
        int perPart = arithmetic.partNumbers();
        int first = part.unit() * arithmetic.numbersPerStep();
        int parts = part.units() / DenseTile.STEPS;
        int whole = Math.clamp((cols - first) / perPart, 0, parts);
        long bytes = (long) arithmetic.partBytes() * part.rows();
        long target = part.address() + (long) arithmetic.partBytes() * row;
        var routine = code.code(new DensePack(arithmetic));
        if (whole > 0) {
            routine.call(source + 4L * first, target, whole, bytes, 0, 0);
        }
        if (whole < parts) {
            var tail = tail(source, first + whole * perPart, cols);
            routine.call(tail.address(), target + whole * bytes, parts - whole, bytes, 0, 0);
            scratch.give(tail);
        }
    }

    private void quantise(long source, int cols, boolean q4, PanelPart part, int row) {
        int first = part.unit() * SUPERBLOCK;
        int blocks = part.units() * 2;
        int whole = Math.clamp((cols - first) / WeightFormat.BLOCK, 0, blocks);
        long blockBytes = (long) QuantTile.ROW_BLOCK_BYTES * part.rows();
        var routine = code.code(new QuantPack(q4));
        if (whole > 0) {
            quantise(routine, source + 4L * first, part, row, 0, whole);
        }
        if (whole < blocks) {
            var tail = tail(source, first + whole * WeightFormat.BLOCK, cols);
            quantise(routine, tail.address(), part, row, whole * blockBytes, blocks - whole);
            scratch.give(tail);
        }
    }

    private static void quantise(MachineCode routine, long source, PanelPart part, int row, long offset, int blocks) {
        long block = part.address() + offset;
        long sums = block + (long) WeightFormat.BLOCK * part.rows() + 4L * row;
        long blockBytes = (long) QuantTile.ROW_BLOCK_BYTES * part.rows();
        routine.call(
                source, block + (long) WeightFormat.BLOCK * row, sums, sums + 4L * part.rows(), blockBytes, blocks);
    }

    /** What is left of a row from a column on, followed by zeros up to the padded length. */
    private MemorySegment tail(long source, int from, int cols) {
        long bytes = 4L * SUPERBLOCK;
        var tail = scratch.take(bytes);
        tail.asSlice(0, bytes).fill((byte) 0);
        MemorySegment.copy(RawMemory.ALL, source + 4L * from, tail, 0, 4L * Math.max(0, cols - from));
        return tail;
    }

    /** A block of panels and the groups {@code from} to {@code to - 1} that it meets. */
    private record Part(int block, int from, int to) {}

    private void multiply(Plan plan, long packed, Rows y, Part part) {
        int columns = plan.format().groupRows();
        int whole = Math.min(part.to(), plan.weights().out() / columns);
        if (part.from() < whole) {
            var target = new Target(y.address(0) + 4L * columns * part.from(), 4L * y.stride());
            multiply(plan, packed, new Part(part.block(), part.from(), whole), target);
        }
        if (whole < part.to()) {
            multiplyPartial(plan, packed, y, part.block());
        }
    }

    /** Where the first row of the first group of columns goes, and how far it is to the next row. */
    private record Target(long address, long rowBytes) {}

    /** The last group of columns when it is not whole: computed beside, then the columns that exist are copied. */
    private void multiplyPartial(Plan plan, long packed, Rows y, int block) {
        int columns = plan.format().groupRows();
        int out = plan.weights().out();
        int group = out / columns;
        int firstRow = block * plan.panelsPerBlock() * plan.tileRows();
        int rows = Math.min(plan.panelsPerBlock() * plan.tileRows(), plan.rows() - firstRow);
        var beside = scratch.take(4L * columns * rows);
        long shifted = beside.address() - 4L * columns * firstRow;
        multiply(plan, packed, new Part(block, group, group + 1), new Target(shifted, 4L * columns));
        long bytes = 4L * (out - group * columns);
        for (int row = 0; row < rows; row++) {
            long to = y.address(firstRow + row) + 4L * group * columns;
            MemorySegment.copy(beside, 4L * columns * row, RawMemory.ALL, to, bytes);
        }
        scratch.give(beside);
    }

    private void multiply(Plan plan, long packed, Part part, Target target) {
        long weights = plan.weights().data().address();
        int from = part.from();
        int to = part.to();
        int firstPanel = part.block() * plan.panelsPerBlock();
        int panels = Math.min(plan.panelsPerBlock(), plan.panels() - firstPanel);
        int lastRows = plan.panelRows(firstPanel + panels - 1);
        int full = lastRows == plan.tileRows() ? panels : panels - 1;
        for (int unit = 0; unit < plan.units(); unit += plan.unitsPerBlock()) {
            int units = Math.min(plan.unitsPerBlock(), plan.units() - unit);
            var fullTile = tile(plan, plan.tileRows(), unit > 0);
            var lastTile = tile(plan, lastRows, unit > 0);
            long a = packed + plan.offset(firstPanel, unit);
            long lastA = packed + plan.offset(firstPanel + full, unit);
            long turns = plan.format().quantised() ? units : units / DenseTile.STEPS;
            int atOnce = panels == 1 && plan.groupsTouch(units) ? Math.max(1, to - from) : 1;
            for (int group = from; group < to; group += atOnce) {
                long b = weights + plan.weightOffset(group, unit, units);
                long columns = 4L * plan.format().groupRows() * (group - from);
                long c = target.address() + columns + target.rowBytes() * firstPanel * plan.tileRows();
                if (full > 0) {
                    fullTile.call(a, b, c, target.rowBytes(), turns, DenseTile.counts(full, atOnce));
                }
                if (full < panels) {
                    long lastC = c + target.rowBytes() * full * plan.tileRows();
                    lastTile.call(lastA, b, lastC, target.rowBytes(), turns, DenseTile.counts(1, atOnce));
                }
            }
        }
    }

    private MachineCode tile(Plan plan, int rows, boolean accumulate) {
        return code.code(
                switch (plan.format()) {
                    case F32, BF16 -> new DenseTile(arithmetic(plan.format()), rows, accumulate);
                    case Q8_0 -> new QuantTile(false, rows, accumulate);
                    case Q4_0 -> new QuantTile(true, rows, accumulate);
                });
    }
}
