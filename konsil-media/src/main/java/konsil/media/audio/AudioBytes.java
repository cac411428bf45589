package konsil.media.audio;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import konsil.media.BadMediaException;

/** The bytes of a sound file, read forwards once, with the name that messages give it. */
final class AudioBytes implements AutoCloseable {
    private final String name;
    private final InputStream source;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;

    AudioBytes(String name, InputStream source) {
        this.name = name;
        this.source = source;
    }

    String name() {
        return name;
    }

    BadMediaException bad(String what) {
        return new BadMediaException(name, what);
    }

    /** The next byte, 0 to 255; -1 at the end. */
    int read() throws IOException {
        if (from == to && !more()) {
            return -1;
        }
        return buffer[from++] & 0xFF;
    }

    private boolean more() throws IOException {
        int n = source.read(buffer, 0, buffer.length);
        from = 0;
        to = Math.max(0, n);
        return n > 0;
    }

    /** Reads until count bytes are there or the file ends. */
    int upTo(byte[] target, int count) throws IOException {
        int done = 0;
        while (done < count && (from < to || more())) {
            int n = Math.min(count - done, to - from);
            System.arraycopy(buffer, from, target, done, n);
            from += n;
            done += n;
        }
        return done;
    }

    /** @param count must be small or checked: it is allocated */
    byte[] exactly(int count, String where) throws IOException {
        byte[] bytes = new byte[count];
        if (upTo(bytes, count) < count) {
            throw bad("cut off in " + where);
        }
        return bytes;
    }

    /** Goes over count bytes. False: the file ended before. */
    boolean skip(long count) throws IOException {
        long left = count;
        while (left > 0 && (from < to || more())) {
            int n = (int) Math.min(left, to - from);
            from += n;
            left -= n;
        }
        return left <= 0;
    }

    /** The next bytes without taking them, fewer at the end of the file; at most 64 KiB. */
    byte[] peek(int count) throws IOException {
        if (to - from < count) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
            int n = 0;
            while (to < count && n >= 0) {
                n = source.read(buffer, to, buffer.length - to);
                to += Math.max(0, n);
            }
        }
        return Arrays.copyOfRange(buffer, from, Math.min(to, from + count));
    }

    boolean atEnd() throws IOException {
        return from == to && !more();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
