package konsil.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * Zeroed native memory with one owner, usable from every thread until it is closed. Blocks of 2 MiB and more start on a
 * 2 MiB boundary and ask for huge pages, smaller ones are aligned to {@value #ALIGNMENT} bytes.
 */
public final class NativeMemory implements AutoCloseable {
    /** Alignment of every block. */
    public static final int ALIGNMENT = 64;

    private static final long HUGE_PAGE = 2L << 20;
    private static final long PAGE = 4 << 10;
    private static final long COPIED_AT_ONCE = 8L << 20;

    private final Arena arena = Arena.ofShared();

    /**
     * A block that lives as long as this owner.
     *
     * @throws OutOfMemoryError when the system refuses
     */
    public MemorySegment allocate(long bytes) {
        if (bytes < 0) {
            throw new SizeException("memory: want a size >= 0, got " + bytes);
        }
        return bytes >= HUGE_PAGE && Libc.onLinux() ? huge(bytes) : arena.allocate(bytes, ALIGNMENT);
    }

    /** Zeroed f32 rows of their own. */
    public Rows rows(int rows, int cols) {
        return Rows.of(allocate(4L * Math.multiplyExact((long) rows, cols)), rows, cols);
    }

    private MemorySegment huge(long bytes) {
        var libc = new Libc(Linker.nativeLinker());
        long mapped = Math.ceilDiv(bytes, HUGE_PAGE) * HUGE_PAGE + HUGE_PAGE;
        long address = libc.map(mapped);
        if (address == 0) {
            throw new OutOfMemoryError("the system has no " + bytes + " bytes for native memory");
        }
        var whole = libc.owned(address, mapped, arena);
        long aligned = Math.ceilDiv(address, HUGE_PAGE) * HUGE_PAGE;
        libc.adviseHugePages(aligned, mapped - HUGE_PAGE);
        return whole.asSlice(aligned - address, bytes);
    }

    /**
     * A copy of a part of a mapped file, made by all workers. The pages of the file are given back on the way, so that
     * the process never holds both as a whole.
     */
    public MemorySegment copyOf(MemorySegment mapped, Workers workers) {
        var copy = allocate(mapped.byteSize());
        boolean forget = mapped.isMapped() && Libc.onLinux();
        var libc = new Libc(Linker.nativeLinker());
        long parts = Math.ceilDiv(mapped.byteSize(), COPIED_AT_ONCE);
        workers.run(Math.toIntExact(parts), part -> {
            long from = part * COPIED_AT_ONCE;
            long bytes = Math.min(COPIED_AT_ONCE, mapped.byteSize() - from);
            MemorySegment.copy(mapped, from, copy, from, bytes);
            long first = Math.ceilDiv(mapped.address() + from, PAGE) * PAGE;
            long end = (mapped.address() + from + bytes) / PAGE * PAGE;
            if (forget && end > first) {
                libc.forget(first, end - first);
            }
        });
        return copy;
    }

    @Override
    public void close() {
        arena.close();
    }
}
