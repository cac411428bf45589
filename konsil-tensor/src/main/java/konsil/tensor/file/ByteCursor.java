package konsil.tensor.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads little-endian fields of a mapped file one after the other; running out of bytes is a {@link BadFileException}.
 */
final class ByteCursor {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private long position;

    ByteCursor(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    int u8(String what) {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1, what)) & 0xFF;
    }

    int u16(String what) {
        return bytes.get(SHORT, advance(2, what)) & 0xFFFF;
    }

    long u32(String what) {
        return bytes.get(INT, advance(4, what)) & 0xFFFFFFFFL;
    }

    /** All 64 bits; a value above 2^63 - 1 comes out negative. */
    long u64(String what) {
        return bytes.get(LONG, advance(8, what));
    }

    float f32(String what) {
        return bytes.get(FLOAT, advance(4, what));
    }

    double f64(String what) {
        return bytes.get(DOUBLE, advance(8, what));
    }

    /** A count that must not be above {@code most} either. */
    int count(long value, long each, String what, int most) {
        int count = count(value, each, what);
        if (count > most) {
            throw new BadFileException(file, "says it holds %d %s, the limit is %d".formatted(count, what, most));
        }
        return count;
    }

    /** A count of things that each take at least {@code each} bytes; so a count beyond the file is refused here. */
    int count(long value, long each, String what) {
        if (value < 0 || value > remaining() / each || value > Integer.MAX_VALUE) {
            throw new BadFileException(
                    file,
                    "says it holds %s %s, but only %d bytes are left"
                            .formatted(Long.toUnsignedString(value), what, remaining()));
        }
        return (int) value;
    }

    /** UTF-8 of this many bytes. */
    String text(long length, String what) {
        return utf8(take(length, what), file, what);
    }

    MemorySegment take(long length, String what) {
        return bytes.asSlice(advance(length, what), length);
    }

    /** All that is left; the cursor stays. */
    MemorySegment rest() {
        return bytes.asSlice(position);
    }

    static byte[] array(MemorySegment bytes) {
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    static String utf8(MemorySegment text, Path file, String what) {
        if (text.byteSize() > Integer.MAX_VALUE - 16) {
            throw new BadFileException(file, "%s is %d bytes long".formatted(what, text.byteSize()));
        }
        byte[] raw = array(text);
        String decoded = new String(raw, StandardCharsets.UTF_8);
        // the fast way puts this character where the bytes are wrong; they may also spell it
        if (decoded.indexOf('\uFFFD') >= 0) {
            requireUtf8(raw, file, what);
        }
        return decoded;
    }

    private static void requireUtf8(byte[] raw, Path file, String what) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw));
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, BadFileException.printable(what) + " is not valid UTF-8", e);
        }
    }

    private long advance(long length, String what) {
        if (length < 0 || length > remaining()) {
            throw new BadFileException(
                    file,
                    "ends inside %s: want %s bytes at byte %d, the file has %d"
                            .formatted(what, Long.toUnsignedString(length), position, bytes.byteSize()));
        }
        long start = position;
        position += length;
        return start;
    }
}
