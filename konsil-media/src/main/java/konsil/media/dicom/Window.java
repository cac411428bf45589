package konsil.media.dicom;

/** Numbers at places of a source, read through a window so that neighbours cost one reading. */
final class Window {
    private static final int SIZE = 1 << 16;

    private final Source source;
    private final int most;
    private byte[] bytes = new byte[0];
    private long start;

    Window(Source source) {
        this(source, SIZE);
    }

    /** @param most bytes that are read at once, at least 64 */
    Window(Source source, int most) {
        this.source = source;
        this.most = most;
    }

    Source source() {
        return source;
    }

    long size() {
        return source.size();
    }

    /** The byte at a place; 0 beyond the end. */
    int u8(long at) {
        long index = at - start;
        if (index < 0 || index >= bytes.length) {
            if (at < 0 || at >= source.size()) {
                return 0;
            }
            bytes = new byte[(int) Math.min(most, source.size() - at)];
            source.read(at, bytes, 0, bytes.length);
            start = at;
            index = 0;
        }
        return bytes[(int) index] & 0xFF;
    }

    int u16(long at, boolean bigEndian) {
        return bigEndian ? u8(at) << 8 | u8(at + 1) : u8(at) | u8(at + 1) << 8;
    }

    long u32(long at, boolean bigEndian) {
        long first = u16(at, bigEndian);
        long second = u16(at + 2, bigEndian);
        return bigEndian ? first << 16 | second : first | second << 16;
    }

    int tag(long at, boolean bigEndian) {
        return u16(at, bigEndian) << 16 | u16(at + 2, bigEndian);
    }

    byte[] copy(long at, int count) {
        byte[] copy = new byte[count];
        long index = at - start;
        if (index >= 0 && index <= bytes.length - count) {
            System.arraycopy(bytes, (int) index, copy, 0, count);
        } else {
            source.read(at, copy, 0, count);
        }
        return copy;
    }
}
