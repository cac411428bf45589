package konsil.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konsil.kernel.code.Arithmetic;
import konsil.kernel.code.CodeMemory;
import konsil.kernel.code.DensePack;
import konsil.kernel.code.DenseTile;
import konsil.kernel.code.ExpandTile;
import konsil.kernel.code.ScoreTile;
import konsil.kernel.code.SoftmaxEnd;
import konsil.kernel.code.SoftmaxTile;
import konsil.kernel.code.ValueTile;

/**
 * Attention out of machine code tiles: for a few panels of queries at a time, blocks of keys are scored, their softmax
 * is brought up to date and the values are added, so that scores never leave the cache (FlashAttention,
 * arXiv:2205.14135).
 *
 * <p>All query heads that read one key head are rows of the same panels. Blocks of keys begin at multiples of {@value
 * #KEYS} positions, whatever is visible, and what a row does not see is exactly without effect on it: so a row's result
 * depends neither on its neighbours nor on how a sequence was cut. Blocks in Q8_0 become bf16 in working memory first.
 */
final class MachineAttention {
    private static final int KEYS = 512;
    private static final int PANELS_PER_TASK = 4;

    /** More, because a task makes bf16 of all that its panels see. */
    private static final int PANELS_PER_TASK_IN_Q8 = 8;

    private static final int TILE = KvTiles.TILE;
    private static final float LOG2_E = 1.44269504f;
    private static final float LOWEST = -1e30f; // finite, so that -infinity minus it is still -infinity

    private final CodeMemory code;
    private final Arithmetic bf16;
    private final Scratch scratch;
    private final Workers workers;
    private final MemorySegment hidden;

    /** @param bf16 how bf16 is multiplied */
    MachineAttention(CodeMemory code, Arithmetic bf16, Scratch scratch, Workers workers) {
        this.code = code;
        this.bf16 = bf16;
        this.scratch = scratch;
        this.workers = workers;
        hidden = scratch.take(4L * KEYS);
        for (int key = 0; key < KEYS; key++) {
            hidden.setAtIndex(ValueLayout.JAVA_FLOAT, key, Float.NEGATIVE_INFINITY);
        }
    }

    void attention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y) {
        var arithmetic = kv.format() == WeightFormat.F32 ? Arithmetic.F32 : bf16;
        var call = new Call(q, kv, visible, shape, y, arithmetic);
        int rowsPerTask = call.panelsPerTask() * DenseTile.MAX_ROWS;
        int tasks = Math.ceilDiv(call.rows(), rowsPerTask);
        workers.run(tasks * shape.kvHeads(), chunk -> {
            int first = chunk % tasks * rowsPerTask;
            var memory = scratch.take(call.panelsPerTask() * call.panelBytes() + call.sharedBytes());
            try {
                new Task(call, chunk / tasks, first, Math.min(call.rows(), first + rowsPerTask), memory).run();
            } finally {
                scratch.give(memory);
            }
        });
    }

    /** The operands of one call and what follows from them. A row is a query and one of the heads of a key head. */
    private record Call(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y, Arithmetic arithmetic) {
        int group() {
            return shape.heads() / shape.kvHeads();
        }

        int rows() {
            return q.rows() * group();
        }

        boolean expands() {
            return kv.format().quantised();
        }

        int panelsPerTask() {
            return expands() ? PANELS_PER_TASK_IN_Q8 : PANELS_PER_TASK;
        }

        int elementBytes() {
            return arithmetic.packedBytes();
        }

        long queryBytes() {
            return (long) DenseTile.MAX_ROWS * kv.paddedDim() * elementBytes();
        }

        long sumBytes() {
            return 4L * DenseTile.MAX_ROWS * kv.paddedDim();
        }

        /** Packed queries, sums of values, state of the softmax. */
        long panelBytes() {
            return queryBytes() + sumBytes() + SoftmaxTile.STATE_BYTES;
        }

        /** Scores and numerators of one panel, one padded query, and a block of keys and values that were expanded. */
        long sharedBytes() {
            long block = expands() ? KEYS / TILE * 2 * headBytes() : 0;
            return block + (4L + elementBytes()) * KEYS * DenseTile.MAX_ROWS + 4L * kv.paddedDim();
        }

        /** Bytes of the keys of one head in a tile that is multiplied by. */
        long headBytes() {
            return expands() ? 2L * TILE * kv.paddedDim() : kv.headBytes();
        }

        /** Bytes from one tile that is multiplied by to the next. */
        long tileBytes() {
            return 2 * headBytes() * (expands() ? 1 : kv.kvHeads());
        }

        long offset(int row, int kvHead, Rows in) {
            return in.address(row / group()) + 4L * shape.headDim() * (kvHead * group() + row % group());
        }
    }

    /** Rows {@code from} to {@code to - 1} of one key head, in a few panels. */
    private final class Task {
        private final Call call;
        private final int kvHead;
        private final Panel[] panels;
        private final long scores;
        private final long numerators;
        private final long padded;
        private final long expanded;

        Task(Call call, int kvHead, int from, int to, MemorySegment memory) {
            this.call = call;
            this.kvHead = kvHead;
            panels = new Panel[Math.ceilDiv(to - from, DenseTile.MAX_ROWS)];
            for (int i = 0; i < panels.length; i++) {
                int row = from + i * DenseTile.MAX_ROWS;
                int rows = Math.min(DenseTile.MAX_ROWS, to - row);
                panels[i] = Panel.of(call, row, rows, memory.address() + i * call.panelBytes());
            }
            expanded = memory.address() + call.panelsPerTask() * call.panelBytes();
            scores = expanded + (call.expands() ? KEYS / TILE * call.tileBytes() : 0);
            numerators = scores + 4L * KEYS * DenseTile.MAX_ROWS;
            padded = numerators + (long) call.elementBytes() * KEYS * DenseTile.MAX_ROWS;
        }

        void run() {
            long firstKey = Long.MAX_VALUE;
            long endKey = 0;
            for (var panel : panels) {
                begin(panel);
                firstKey = Math.min(firstKey, panel.firstKey());
                endKey = Math.max(endKey, panel.endKey());
            }
            for (long block = firstKey / KEYS * KEYS; block < endKey; block += KEYS) {
                if (call.expands()) {
                    expand(block, Math.max(block, firstKey) / TILE * TILE, Math.min(block + KEYS, endKey));
                }
                for (var panel : panels) {
                    step(panel, block);
                }
            }
            for (var panel : panels) {
                end(panel);
            }
        }

        private void expand(long block, long first, long end) {
            var keys = code.code(new ExpandTile(true, call.kv().paddedDim()));
            var values = code.code(new ExpandTile(false, call.kv().paddedDim()));
            for (long position = first; position < end; position += TILE) {
                long from = call.kv().data().address() + call.kv().keysOffset(position, kvHead);
                long to = expanded + (position - block) / TILE * call.tileBytes();
                keys.call(from, to, 1, 0, 0, 0);
                values.call(from + call.kv().headBytes(), to + call.headBytes(), 1, 0, 0, 0);
            }
        }

        /** Keys of the tile of a position; the values follow. */
        private long keys(long position) {
            return call.expands()
                    ? expanded + position % KEYS / TILE * call.tileBytes()
                    : call.kv().data().address() + call.kv().keysOffset(position, kvHead);
        }

        private void begin(Panel panel) {
            var arithmetic = call.arithmetic();
            long partBytes = arithmetic.partBytes();
            RawMemory.ALL.asSlice(panel.address(), call.panelBytes()).fill((byte) 0);
            RawMemory.ALL.asSlice(padded, 4L * call.kv().paddedDim()).fill((byte) 0);
            int parts = Math.ceilDiv(call.kv().paddedDim(), arithmetic.partNumbers());
            var pack = code.code(new DensePack(arithmetic));
            for (int i = 0; i < panel.rows(); i++) {
                long query = call.offset(panel.row() + i, kvHead, call.q());
                MemorySegment.copy(
                        RawMemory.ALL,
                        query,
                        RawMemory.ALL,
                        padded,
                        4L * call.shape().headDim());
                pack.call(padded, panel.address() + partBytes * i, parts, partBytes * panel.rows(), 0, 0);
                RawMemory.setFloat(panel.state() + SoftmaxTile.MAXIMA + 4L * i, LOWEST);
            }
            RawMemory.setFloat(panel.state(), call.shape().scale() * LOG2_E);
        }

        /** Keys {@code block} to {@code block + KEYS - 1}, as far as a row of the panel sees them. */
        private void step(Panel panel, long block) {
            long first = Math.max(block, panel.firstKey()) / TILE * TILE;
            long end = Math.min(block + KEYS, Math.ceilDiv(panel.endKey(), TILE) * TILE);
            if (first >= end) {
                return;
            }
            score(panel, first, end);
            hide(panel, first, end);
            code.code(new SoftmaxTile(call.arithmetic()))
                    .call(scores, numerators, panel.state(), 4L * KEYS, (end - first) / TILE, panel.rows());
            addValues(panel, first, end);
        }

        private void score(Panel panel, long first, long end) {
            int steps = Math.ceilDiv(call.shape().headDim(), call.arithmetic().numbersPerStep());
            var tile = code.code(new ScoreTile(call.arithmetic(), panel.rows(), steps));
            for (long position = first; position < end; ) {
                long tiles = unbroken(position, end);
                tile.call(
                        panel.address(),
                        keys(position),
                        scores + 4 * (position - first),
                        4L * KEYS,
                        tiles,
                        call.tileBytes());
                position += tiles * TILE;
            }
        }

        /** Tiles from a position on that follow each other in memory: up to the end, or to the end of the ring. */
        private long unbroken(long position, long end) {
            long inRing = call.kv().tiles() - position / TILE % call.kv().tiles();
            return call.expands() ? (end - position) / TILE : Math.min(inRing, (end - position) / TILE);
        }

        private void hide(Panel panel, long first, long end) {
            for (int i = 0; i < panel.rows(); i++) {
                int query = (panel.row() + i) / call.group();
                long from = Math.clamp(call.visible().from()[query], first, end);
                long to = Math.clamp(call.visible().to()[query], from, end);
                long row = scores + 4L * KEYS * i;
                MemorySegment.copy(hidden, 0, RawMemory.ALL, row, 4 * (from - first));
                MemorySegment.copy(hidden, 0, RawMemory.ALL, row + 4 * (to - first), 4 * (end - to));
            }
        }

        private void addValues(Panel panel, long first, long end) {
            int dim = call.kv().paddedDim();
            long ones = panel.state() + SoftmaxTile.FACTORS;
            for (long position = first; position < end; ) {
                long tiles = unbroken(position, end);
                long p = numerators + (position - first) * call.elementBytes() * panel.rows();
                long values = keys(position) + call.headBytes();
                if (position > first) {
                    ones = noFactors(panel);
                }
                for (int d = 0; d < dim; d += 32) {
                    int vectors = Math.min(2, (dim - d) / 16);
                    code.code(new ValueTile(call.arithmetic(), panel.rows(), vectors, dim))
                            .call(p, values + 4L * d, panel.sums() + 4L * d, ones, tiles, call.tileBytes());
                }
                position += tiles * TILE;
            }
        }

        /** Behind the end of a ring, what was summed has had its factor. */
        private long noFactors(Panel panel) {
            long factors = panel.state() + SoftmaxTile.FACTORS;
            for (int i = 0; i < panel.rows(); i++) {
                RawMemory.setFloat(factors + 4L * i, 1);
            }
            return factors;
        }

        private void end(Panel panel) {
            var finish = code.code(new SoftmaxEnd(call.shape().headDim()));
            for (int i = 0; i < panel.rows(); i++) {
                long sum = panel.sums() + 4L * call.kv().paddedDim() * i;
                long weights = panel.state() + SoftmaxTile.SUMS + 64L * i;
                finish.call(sum, call.offset(panel.row() + i, kvHead, call.y()), weights, 0, 0, 0);
            }
        }
    }

    /** A panel of rows and the keys that at least one of them sees. */
    private record Panel(int row, int rows, long address, long sums, long state, long firstKey, long endKey) {
        static Panel of(Call call, int row, int rows, long address) {
            long first = Long.MAX_VALUE;
            long end = 0;
            for (int query = row / call.group(); query <= (row + rows - 1) / call.group(); query++) {
                long from = call.visible().from()[query];
                long to = call.visible().to()[query];
                first = from < to ? Math.min(first, from) : first;
                end = from < to ? Math.max(end, to) : end;
            }
            long sums = address + call.queryBytes();
            return new Panel(row, rows, address, sums, sums + call.sumBytes(), Math.min(first, end), end);
        }
    }
}
