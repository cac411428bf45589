package konsil.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8, byte by byte. */
final class Utf8 {
    private static final String REPLACEMENT = "\uFFFD";

    private Utf8() {}

    /** The bytes of a character, the first in the lowest nine bits, each with 0x100 added so that the end shows. */
    static long bytes(int codePoint) {
        if (codePoint < 0x80) {
            return 0x100 | codePoint;
        }
        if (codePoint < 0x800) {
            return mark(0xC0 | codePoint >> 6, 0) | tail(codePoint, 0, 1);
        }
        if (codePoint < 0x10000) {
            return mark(0xE0 | codePoint >> 12, 0) | tail(codePoint, 6, 1) | tail(codePoint, 0, 2);
        }
        return mark(0xF0 | codePoint >> 18, 0) | tail(codePoint, 12, 1) | tail(codePoint, 6, 2) | tail(codePoint, 0, 3);
    }

    private static long tail(int codePoint, int shift, int index) {
        return mark(0x80 | codePoint >> shift & 0x3F, index);
    }

    private static long mark(int value, int index) {
        return (0x100L | value) << 9 * index;
    }

    /** The text that these bytes are; if they are none, U+FFFD for each of them, as the reference does. */
    static String text(byte[] bytes, int count) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, count))
                    .toString();
        } catch (CharacterCodingException e) {
            return REPLACEMENT.repeat(count);
        }
    }
}
