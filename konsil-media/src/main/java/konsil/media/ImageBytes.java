package konsil.media;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of an image file and what to call it. Numbers are read where they are asked for; asking beyond the end is
 * an error of the file.
 */
record ImageBytes(String name, byte[] bytes) {
    private static final int LONGEST_SIDE = 65_535;

    int size() {
        return bytes.length;
    }

    /** An error of this file. */
    BadMediaException bad(String what) {
        return new BadMediaException(name, what);
    }

    BadMediaException cutOff(String inWhat) {
        return bad("the file ends inside " + inWhat + ": it is cut off at " + bytes.length + " bytes");
    }

    /** @throws BadMediaException when fewer than {@code count} bytes follow */
    void require(long at, long count, String what) {
        if (at < 0 || count < 0 || at > bytes.length - count) {
            throw cutOff(what);
        }
    }

    int u8(int at) {
        require(at, 1, "its header");
        return bytes[at] & 0xFF;
    }

    int u16Big(int at) {
        return u8(at) << 8 | u8(at + 1);
    }

    int u16Little(int at) {
        return u8(at) | u8(at + 1) << 8;
    }

    long u32Big(int at) {
        return (long) u16Big(at) << 16 | u16Big(at + 2);
    }

    long u32Little(int at) {
        return u16Little(at) | (long) u16Little(at + 2) << 16;
    }

    /** Whether these ASCII characters stand at this place. */
    boolean has(int at, String ascii) {
        byte[] wanted = ascii.getBytes(StandardCharsets.ISO_8859_1);
        if (at < 0 || at > bytes.length - wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks a size before anything of that size is allocated.
     *
     * @throws BadMediaException when there is no pixel, a side is above 65,535 or the limit is passed
     */
    void requireSize(long width, long height, ImageSettings settings) {
        if (width < 1 || height < 1) {
            throw bad("the image is %d x %d pixels: there is nothing to see".formatted(width, height));
        }
        if (width > LONGEST_SIDE || height > LONGEST_SIDE) {
            throw bad("the image is %d x %d pixels, want at most %d on a side".formatted(width, height, LONGEST_SIDE));
        }
        if (width * height > settings.maxPixels()) {
            throw bad("the image is %d x %d pixels, the limit is %d pixels; scale it down first"
                    .formatted(width, height, settings.maxPixels()));
        }
    }
}
