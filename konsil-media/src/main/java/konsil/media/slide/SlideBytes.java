package konsil.media.slide;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import konsil.media.BadMediaException;

/** The bytes of a slide's file, read where they are asked for; asking beyond the end is an error of the file. */
abstract sealed class SlideBytes implements AutoCloseable {
    private final String name;
    private final long size;

    /** Set once, when the file's first bytes have been read. */
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    private SlideBytes(String name, long size) {
        this.name = name;
        this.size = size;
    }

    /** An open file, which belongs to this from here on. */
    static SlideBytes of(String name, RandomAccessFile file) throws IOException {
        return new OnDisk(name, file);
    }

    static SlideBytes of(String name, byte[] bytes) {
        return new InMemory(name, bytes);
    }

    /** Not a channel, which is closed for all readers when one of their threads is interrupted. */
    private static final class OnDisk extends SlideBytes {
        private final RandomAccessFile file;

        OnDisk(String name, RandomAccessFile file) throws IOException {
            super(name, file.length());
            this.file = file;
        }

        @Override
        void fill(long at, byte[] into) throws IOException {
            synchronized (file) {
                file.seek(at);
                file.readFully(into);
            }
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class InMemory extends SlideBytes {
        private final byte[] bytes;

        InMemory(String name, byte[] bytes) {
            super(name, bytes.length);
            this.bytes = bytes;
        }

        @Override
        void fill(long at, byte[] into) {
            System.arraycopy(bytes, (int) at, into, 0, into.length);
        }

        @Override
        public void close() {
            // Memory needs no closing.
        }
    }

    abstract void fill(long at, byte[] into) throws IOException;

    @Override
    public abstract void close();

    final String name() {
        return name;
    }

    final long size() {
        return size;
    }

    final void order(ByteOrder found) {
        order = found;
    }

    final BadMediaException bad(String what) {
        return new BadMediaException(name, what);
    }

    final BadMediaException cutOff(String inWhat) {
        return bad("the file ends inside " + inWhat + ": it is cut off at " + size + " bytes");
    }

    /** @throws BadMediaException when fewer than {@code count} bytes follow */
    final void require(long at, long count, String what) {
        if (at < 0 || count < 0 || at > size - count) {
            throw cutOff(what);
        }
    }

    /** Bytes from a place on, in the file's order. */
    final ByteBuffer read(long at, int count, String what) {
        require(at, count, what);
        byte[] data = new byte[count];
        try {
            fill(at, data);
        } catch (IOException e) {
            throw new BadMediaException(name, "the file cannot be read any more", e);
        }
        return ByteBuffer.wrap(data).order(order);
    }
}
