package konsil.media.codec;

import konsil.media.BadMediaException;

/**
 * A compressed picture and what the file around it says of its size; nothing larger is allocated.
 *
 * @param name what to call the file in messages
 */
public record Codestream(String name, byte[] bytes, int width, int height, int components) {
    BadMediaException bad(String what) {
        return new BadMediaException(name, what);
    }

    BadMediaException cutOff() {
        return bad("the compressed pixels are cut off");
    }

    int u8(int at) {
        if (at < 0 || at >= bytes.length) {
            throw cutOff();
        }
        return bytes[at] & 0xFF;
    }

    int u16(int at) {
        return u8(at) << 8 | u8(at + 1);
    }

    long u32(int at) {
        return (long) u16(at) << 16 | u16(at + 2);
    }

    /** @throws BadMediaException when the picture has another size than its file says */
    void requireSize(long foundWidth, long foundHeight, long foundComponents) {
        if (foundWidth != width || foundHeight != height || foundComponents != components) {
            throw bad("the compressed picture is %d x %d with %d components, the file says %d x %d with %d"
                    .formatted(foundWidth, foundHeight, foundComponents, width, height, components));
        }
    }

    int samples() {
        return Math.multiplyExact(Math.multiplyExact(width, height), components);
    }
}
