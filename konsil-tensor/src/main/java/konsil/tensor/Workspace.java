package konsil.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.Rows;
import konsil.kernel.WeightFormat;

/**
 * Memory for the tensors of one step, a token or a training example. Handing out is moving a pointer; {@link #reset}
 * moves it back and leaves the bytes as they are, so whoever takes memory writes all of it. A step that needs more than
 * any step before gets another block; blocks are never moved or returned before {@link #close}, so what was handed out
 * stays valid until the reset.
 *
 * <p>For one thread at a time. Everything is aligned to 64 bytes.
 */
public final class Workspace implements AutoCloseable {
    /** What memory holds when it is handed out again. */
    public enum Leftovers {
        /** Whatever was there: costs nothing. */
        KEPT,
        /** NaN in f32 and bf16, to prove in tests that every op writes every element it returns. */
        NAN
    }

    private static final long FIRST_BLOCK = 1L << 20;
    private static final byte NAN_BYTE = (byte) 0xff;

    private final NativeMemory memory = new NativeMemory();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private final long limit;
    private final Leftovers leftovers;
    private long reserved;
    private int block = -1;
    private long inBlock;
    private final Deque<Mark> marks = new ArrayDeque<>();

    /** @param limit bytes that may be reserved in all */
    public Workspace(long limit) {
        this(limit, Leftovers.KEPT);
    }

    public Workspace(long limit, Leftovers leftovers) {
        if (limit < 0) {
            throw new IllegalArgumentException("workspace: want a limit >= 0, got " + limit);
        }
        this.limit = limit;
        this.leftovers = leftovers;
    }

    /**
     * An f32 tensor with undefined values.
     *
     * @param shape not changed afterwards
     * @throws BadInputException when the limit is reached
     */
    public Tensor tensor(int... shape) {
        return Tensor.over(bytes(Tensor.byteSize(shape)), shape);
    }

    /** Dense f32 rows with undefined values. */
    public Rows rows(int rows, int cols) {
        return Rows.of(bytes(Tensor.byteSize(rows, cols)), rows, cols);
    }

    /** A packed matrix with undefined values, padding included. */
    public PackedWeights weights(WeightFormat format, int out, int in) {
        return new PackedWeights(format, out, in, bytes(format.bytes(out, in)));
    }

    /**
     * Memory with undefined values.
     *
     * @return exactly {@code count} bytes
     * @throws BadInputException when the limit is reached
     */
    public MemorySegment bytes(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("workspace: want a size >= 0, got " + count);
        }
        while (block < 0 || count > blocks.get(block).byteSize() - inBlock) {
            nextBlock(count);
        }
        var taken = blocks.get(block).asSlice(inBlock, count);
        inBlock = Math.min(roundUp(inBlock + count), blocks.get(block).byteSize());
        return taken;
    }

    /** Zeroed memory that no reset or release takes back, for tables that outlive a step. */
    public MemorySegment lasting(long count) {
        reserve(count, count);
        return memory.allocate(count);
    }

    /** Blocks double, so there are few of them and little is lost at their ends. */
    private void nextBlock(long count) {
        if (block == blocks.size() - 1) {
            long size = reserve(count, Math.max(count, Math.max(FIRST_BLOCK, reserved)));
            blocks.add(memory.allocate(roundUp(size)));
            spoil(blocks.getLast(), 0, blocks.getLast().byteSize());
        }
        block++;
        inBlock = 0;
    }

    private long reserve(long need, long wish) {
        if (need > limit - reserved) {
            throw new BadInputException(
                    ("this input needs more working memory than the limit of %d MB: %d MB are taken,"
                                    + " %d bytes more are needed. Use a shorter input or raise the limit.")
                            .formatted(limit >> 20, reserved >> 20, need));
        }
        long granted = Math.min(wish, limit - reserved);
        reserved += granted;
        return granted;
    }

    private static long roundUp(long bytes) {
        return Math.ceilDiv(bytes, NativeMemory.ALIGNMENT) * NativeMemory.ALIGNMENT;
    }

    private void spoil(MemorySegment segment, long from, long to) {
        if (leftovers == Leftovers.NAN) {
            segment.asSlice(from, to - from).fill(NAN_BYTE);
        }
    }

    /**
     * Remembers how much is taken; closing the mark gives back what was taken since. Marks nest and close in reverse
     * order.
     */
    public Mark mark() {
        var mark = new Mark(block, inBlock);
        marks.push(mark);
        return mark;
    }

    /** Takes back everything that was handed out, but for {@link #lasting} memory. */
    public void reset() {
        if (!marks.isEmpty()) {
            throw new IllegalStateException("workspace: reset while " + marks.size() + " marks are open");
        }
        backTo(-1, 0);
    }

    private void backTo(int toBlock, long toInBlock) {
        for (int b = Math.max(0, toBlock); b <= block; b++) {
            long from = b == toBlock ? toInBlock : 0;
            spoil(blocks.get(b), from, b == block ? inBlock : blocks.get(b).byteSize());
        }
        block = toBlock;
        inBlock = toInBlock;
    }

    /** Bytes asked of the system so far. */
    public long reserved() {
        return reserved;
    }

    /** Ends the life of everything that was handed out. */
    @Override
    public void close() {
        memory.close();
    }

    /** A point to go back to. */
    public final class Mark implements AutoCloseable {
        private final int atBlock;
        private final long atByte;

        private Mark(int atBlock, long atByte) {
            this.atBlock = atBlock;
            this.atByte = atByte;
        }

        /**
         * Gives back what was taken since.
         *
         * @throws IllegalStateException when a later mark is still open, or this one is closed already
         */
        @Override
        public void close() {
            if (marks.peek() != this) {
                throw new IllegalStateException("workspace: a mark is closed out of order or twice");
            }
            marks.pop();
            backTo(atBlock, atByte);
        }
    }
}
