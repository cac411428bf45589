package konsil.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * Memory that the processor may run code from. Pages are written first and then made executable, never both at once.
 */
final class ExecutablePages implements AutoCloseable {
    private static final long PAGE = 4096;

    private final Libc libc = new Libc(Linker.nativeLinker());
    private final Arena arena = Arena.ofShared();

    /**
     * Copies code to fresh executable pages that live as long as this object.
     *
     * @throws UnsupportedOperationException when the system gives no memory or forbids to execute it
     */
    MemorySegment install(byte[] code) {
        long bytes = Math.ceilDiv(code.length, PAGE) * PAGE;
        long address = libc.map(bytes);
        if (address == 0) {
            throw new UnsupportedOperationException("no memory for machine code");
        }
        var pages = libc.owned(address, bytes, arena);
        pages.asByteBuffer().put(code);
        if (!libc.makeExecutable(address, bytes)) {
            throw new UnsupportedOperationException("the system forbids executable memory (SELinux execmem, or a "
                    + "service manager's MemoryDenyWriteExecute)");
        }
        return pages;
    }

    @Override
    public void close() {
        arena.close();
    }
}
