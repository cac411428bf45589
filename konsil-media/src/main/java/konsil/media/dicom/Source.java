package konsil.media.dicom;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes at places: a file, opened for each reading so that nothing has to be closed, or memory. */
sealed interface Source {
    long size();

    /** Reads bytes that are there, as {@link #size} says. */
    void read(long at, byte[] into, int from, int count);

    record Memory(byte[] bytes) implements Source {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void read(long at, byte[] into, int from, int count) {
            System.arraycopy(bytes, (int) at, into, from, count);
        }
    }

    record OnDisk(Path path, long size) implements Source {
        @Override
        public void read(long at, byte[] into, int from, int count) {
            var buffer = ByteBuffer.wrap(into, from, count);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                for (long place = at; buffer.hasRemaining(); ) {
                    int read = channel.read(buffer, place);
                    if (read < 0) {
                        throw new EOFException(path.getFileName() + " became shorter while it was read");
                    }
                    place += read;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * A part of a source.
     *
     * @param bigEndian how its numbers are written
     */
    record Span(Source source, long offset, long length, boolean bigEndian) {
        /** @throws IndexOutOfBoundsException when the part does not lie inside this one */
        Span part(long from, long count) {
            if (from < 0 || count < 0 || from > length - count) {
                throw new IndexOutOfBoundsException("%d bytes at %d of %d".formatted(count, from, length));
            }
            return new Span(source, offset + from, count, bigEndian);
        }

        byte[] bytes() {
            byte[] bytes = new byte[Math.toIntExact(length)];
            source.read(offset, bytes, 0, bytes.length);
            return bytes;
        }
    }
}
