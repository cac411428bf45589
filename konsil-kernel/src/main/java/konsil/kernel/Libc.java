package konsil.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The calls of the C library that deal in pages (POSIX mman.h, Linux constants). */
final class Libc {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;

    private final MethodHandle mmap;
    private final MethodHandle munmap;
    private final MethodHandle mprotect;
    private final MethodHandle madvise;

    /** @throws RuntimeException when native access is denied or a function is not there */
    Libc(Linker linker) {
        var address = ValueLayout.JAVA_LONG;
        var number = ValueLayout.JAVA_INT;
        mmap = find(linker, "mmap", FunctionDescriptor.of(address, address, address, number, number, number, address));
        munmap = find(linker, "munmap", FunctionDescriptor.of(number, address, address));
        mprotect = find(linker, "mprotect", FunctionDescriptor.of(number, address, address, number));
        madvise = find(linker, "madvise", FunctionDescriptor.of(number, address, address, number));
    }

    static boolean onLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    @SuppressWarnings("restricted") // the launcher grants native access
    private static MethodHandle find(Linker linker, String name, FunctionDescriptor type) {
        var symbol = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("no function " + name + " in the C library"));
        return linker.downcallHandle(symbol, type);
    }

    /** Fresh zeroed pages, or 0 when the system has none. */
    long map(long bytes) {
        try {
            int flags = MAP_PRIVATE_ANONYMOUS | MAP_NORESERVE;
            long address = (long) mmap.invokeExact(0L, bytes, PROT_READ | PROT_WRITE, flags, -1, 0L);
            return address == -1 ? 0 : address;
        } catch (Throwable thrown) {
            throw new IllegalStateException("mmap", thrown);
        }
    }

    void unmap(long address, long bytes) {
        try {
            int _ = (int) munmap.invokeExact(address, bytes);
        } catch (Throwable thrown) {
            throw new IllegalStateException("munmap", thrown);
        }
    }

    /** Takes the right to write and gives the right to run; false when the system refuses. */
    boolean makeExecutable(long address, long bytes) {
        try {
            return (int) mprotect.invokeExact(address, bytes, PROT_READ | PROT_EXEC) == 0;
        } catch (Throwable thrown) {
            throw new IllegalStateException("mprotect", thrown);
        }
    }

    /** Asks for 2 MiB pages; only advice, so a refusal changes nothing but speed. */
    void adviseHugePages(long address, long bytes) {
        try {
            int _ = (int) madvise.invokeExact(address, bytes, MADV_HUGEPAGE);
        } catch (Throwable thrown) {
            throw new IllegalStateException("madvise", thrown);
        }
    }

    /** Gives pages of a mapped file back to the system; touched again, they are read again. Only advice. */
    void forget(long address, long bytes) {
        try {
            int _ = (int) madvise.invokeExact(address, bytes, MADV_DONTNEED);
        } catch (Throwable thrown) {
            throw new IllegalStateException("madvise", thrown);
        }
    }

    /** A segment over mapped pages that returns them when the arena closes. */
    @SuppressWarnings("restricted")
    MemorySegment owned(long address, long bytes, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, _ -> unmap(address, bytes));
    }
}
