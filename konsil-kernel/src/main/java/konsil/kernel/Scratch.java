package konsil.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Working memory that kernels borrow for the length of a call; what was given back is lent again. */
final class Scratch implements AutoCloseable {
    private static final long SMALLEST = 1 << 16;

    private final NativeMemory memory = new NativeMemory();
    private final ConcurrentLinkedDeque<MemorySegment> idle = new ConcurrentLinkedDeque<>();

    /** At least {@code bytes} bytes, aligned to 64, holding anything finite or not. */
    MemorySegment take(long bytes) {
        Optional<MemorySegment> fit =
                idle.stream().filter(block -> block.byteSize() >= bytes).findFirst();
        if (fit.isPresent() && idle.remove(fit.get())) {
            return fit.get();
        }
        return memory.allocate(Math.max(SMALLEST, Long.highestOneBit(Math.max(1, 2 * bytes - 1))));
    }

    void give(MemorySegment block) {
        idle.addFirst(block);
    }

    @Override
    public void close() {
        memory.close();
    }
}
