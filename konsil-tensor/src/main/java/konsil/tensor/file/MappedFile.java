package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A whole file, mapped read-only; nothing is read until it is touched. Cutting a file short while it is mapped makes
 * the JVM throw InternalError on access: model files are replaced by renaming, never changed in place.
 */
final class MappedFile implements AutoCloseable {
    private final Path path;
    private final Runnable unmap;
    private final MemorySegment bytes;
    private boolean open = true;

    private MappedFile(Path path, MemorySegment bytes, Runnable unmap) {
        this.path = path;
        this.bytes = bytes;
        this.unmap = unmap;
    }

    /** @throws BadFileException when there is no readable regular file at this path */
    static MappedFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new BadFileException(path, "there is no such file in " + folderOf(path));
        }
        if (!Files.isRegularFile(path)) {
            throw new BadFileException(path, "want a file, this is a folder or a device");
        }
        if (!Files.isReadable(path)) {
            throw new BadFileException(path, "no permission to read it");
        }
        var arena = Arena.ofShared();
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            return new MappedFile(path, bytes, arena::close);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Bytes that are already there, as if they were a file of this name. */
    static MappedFile of(Path path, MemorySegment bytes) {
        return new MappedFile(path, bytes.asReadOnly(), () -> {});
    }

    private static String folderOf(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        return folder == null ? "/" : folder.toString();
    }

    Path path() {
        return path;
    }

    MemorySegment bytes() {
        return bytes;
    }

    long size() {
        return bytes.byteSize();
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            unmap.run();
        }
    }
}
