package konsil.media.slide;

import java.nio.ByteBuffer;

/**
 * A field of a TIFF directory. Its values stay in the file until they are asked for: a slide may have hundreds of
 * thousands of tiles.
 *
 * @param type TIFF 6.0 and BigTIFF, 1 to 18
 * @param count how many values
 * @param at where they are; checked to lie inside the file
 */
record TiffEntry(SlideBytes file, int type, long count, long at) {
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    private static final int MOST_BYTES = 1 << 24;

    /** Bytes of one value; 0 for a type that does not exist. */
    static int bytes(int type) {
        return type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0;
    }

    /** A whole number; 0 when the type holds none. */
    long number(long index) {
        ByteBuffer data = value(index);
        return switch (type) {
            case 1, 7 -> data.get() & 0xFF;
            case 3 -> data.getShort() & 0xFFFF;
            case 4, 13 -> data.getInt() & 0xFFFFFFFFL;
            case 16, 18 -> data.getLong();
            default -> 0;
        };
    }

    /** A number of any kind; not a number when there is none. */
    double real(long index) {
        ByteBuffer data = value(index);
        return switch (type) {
            case 5 -> (data.getInt(0) & 0xFFFFFFFFL) / (double) (data.getInt(4) & 0xFFFFFFFFL);
            case 11 -> data.getFloat();
            case 12 -> data.getDouble();
            default -> number(index);
        };
    }

    private ByteBuffer value(long index) {
        int size = bytes(type);
        if (index < 0 || index >= count) {
            throw file.bad("a field of the TIFF has %d values, want at least %d".formatted(count, index + 1));
        }
        return file.read(at + size * index, size, "a field of the TIFF");
    }

    /** All values as they are stored. */
    byte[] all() {
        long length = bytes(type) * count;
        if (length > MOST_BYTES) {
            throw file.bad("a field of the TIFF is %d bytes long, want at most %d".formatted(length, MOST_BYTES));
        }
        return file.read(at, (int) length, "a field of the TIFF").array();
    }
}
