package konsil.tensor.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;
import konsil.tensor.BadInputException;

/**
 * A file that appears whole or not at all: written beside its place as NAME.part, forced to disk, then renamed. Closing
 * it without {@link #commit} removes what was written. What a killed process left behind is overwritten by the next.
 */
final class NewFile implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    /** Where the bytes go; a seam for tests of a full disk. */
    interface Output extends AutoCloseable {
        int write(ByteBuffer from, long position) throws IOException;

        long size() throws IOException;

        /** Returns when all bytes are on the disk. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }

    private final Path target;
    private final Path part;
    private final Output output;
    private boolean committed;

    private NewFile(Path target, Path part, Output output) {
        this.target = target;
        this.part = part;
        this.output = output;
    }

    /**
     * Starts a file.
     *
     * @throws BadInputException when the folder does not exist, the target is a folder, or another process writes there
     */
    static NewFile create(Path target) throws IOException {
        return create(target, output -> output);
    }

    static NewFile create(Path target, Function<Output, Output> wrap) throws IOException {
        var folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BadInputException("%s: there is no folder %s to write it to".formatted(target, folder));
        }
        if (Files.isDirectory(target)) {
            throw new BadInputException(target + ": want the name of a file, this is a folder");
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        return new NewFile(target, part, wrap.apply(DiskOutput.open(part)));
    }

    /** Writes bytes at a place; bytes never written are zero. Safe to call from several threads. */
    void write(MemorySegment bytes, long position) throws IOException {
        for (long done = 0; done < bytes.byteSize(); ) {
            long length = Math.min(CHUNK, bytes.byteSize() - done);
            ByteBuffer chunk = bytes.asSlice(done, length).asByteBuffer();
            while (chunk.hasRemaining()) {
                writeSome(chunk, position + done + chunk.position());
            }
            done += length;
        }
    }

    private void writeSome(ByteBuffer chunk, long position) throws IOException {
        try {
            output.write(chunk, position);
        } catch (IOException e) {
            throw new IOException(
                    "%s: could not write byte %d (%s); nothing is left behind"
                            .formatted(target, position, e.getMessage()),
                    e);
        }
    }

    /** Makes the file at least this long. */
    void setLength(long bytes) throws IOException {
        if (output.size() < bytes) {
            write(MemorySegment.ofArray(new byte[1]), bytes - 1);
        }
    }

    /** Puts the file in its place. */
    void commit() throws IOException {
        output.force();
        output.close();
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
        committed = true;
        forceFolder();
    }

    /** Makes the renaming itself last; not every system lets a folder be opened. */
    private void forceFolder() {
        try (var folder = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException _) {
            // the file is complete and in place; only its safety against a power cut in this second is weaker
        }
    }

    @Override
    public void close() throws IOException {
        if (!committed) {
            try {
                output.close();
            } finally {
                Files.deleteIfExists(part);
            }
        }
    }

    /** A locked file: the lock dies with its process, so a left-over file can be told from one in use. */
    private record DiskOutput(FileChannel channel) implements Output {
        static DiskOutput open(Path part) throws IOException {
            var channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (lock(channel) == null) {
                    throw new BadInputException(part + ": another process is writing this file");
                }
                channel.truncate(0);
                return new DiskOutput(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }

        private static FileLock lock(FileChannel channel) throws IOException {
            try {
                return channel.tryLock();
            } catch (OverlappingFileLockException e) {
                throw new BadInputException("this process is already writing the file", e);
            }
        }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            return channel.write(from, position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
