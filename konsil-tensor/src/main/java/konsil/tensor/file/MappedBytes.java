package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A file of numbers, mapped read-only and read at any byte: little-endian, aligned or not. Nothing is read until it is
 * touched. Reading beyond the end, or after closing, is the caller's mistake and throws an unchecked exception of the
 * JDK. For any number of threads.
 */
public final class MappedBytes implements AutoCloseable {
    private final MappedFile file;
    private final MemorySegment bytes;

    private MappedBytes(MappedFile file) {
        this.file = file;
        this.bytes = file.bytes();
    }

    /** @throws BadFileException when there is no readable regular file at this path */
    public static MappedBytes open(Path path) throws IOException {
        return new MappedBytes(MappedFile.open(path));
    }

    /** Bytes that are already there, as if they were a file of this name; not to be changed. */
    public static MappedBytes of(Path name, byte[] bytes) {
        return new MappedBytes(MappedFile.of(name, MemorySegment.ofArray(bytes)));
    }

    public Path path() {
        return file.path();
    }

    /** In bytes. */
    public long size() {
        return file.size();
    }

    public byte byteAt(long offset) {
        return bytes.get(ValueLayout.JAVA_BYTE, offset);
    }

    public int intAt(long offset) {
        return bytes.get(ByteCursor.INT, offset);
    }

    public long longAt(long offset) {
        return bytes.get(ByteCursor.LONG, offset);
    }

    public float floatAt(long offset) {
        return bytes.get(ByteCursor.FLOAT, offset);
    }

    /** Whether these bytes stand at an offset; false where the file is too short. */
    public boolean holds(byte[] wanted, long offset) {
        return offset <= size() - wanted.length
                && MemorySegment.mismatch(
                                bytes, offset, offset + wanted.length, MemorySegment.ofArray(wanted), 0, wanted.length)
                        < 0;
    }

    @Override
    public void close() {
        file.close();
    }
}
