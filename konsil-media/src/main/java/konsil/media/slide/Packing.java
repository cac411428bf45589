package konsil.media.slide;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** How the samples of tiles are packed (TIFF field 259); those that other libraries unpack are named alone. */
enum Packing {
    NONE(1),
    LZW(5),
    OLD_JPEG(6),
    JPEG(7),
    DEFLATE(8),
    PACK_BITS(32773),
    OLD_DEFLATE(32946),
    JPEG_2000_YCC(33003),
    JPEG_2000_RGB(33005),
    JPEG_2000(34712),
    UNKNOWN(-1);

    private final int number;

    Packing(int number) {
        this.number = number;
    }

    static Packing of(long number) {
        return Arrays.stream(values())
                .filter(p -> p.number == number)
                .findFirst()
                .orElse(UNKNOWN);
    }

    boolean isJpeg2000() {
        return this == JPEG_2000 || this == JPEG_2000_RGB || this == JPEG_2000_YCC;
    }

    /** Whether bytes become samples by {@link #unpack}. */
    boolean isBytes() {
        return switch (this) {
            case NONE, LZW, DEFLATE, OLD_DEFLATE, PACK_BITS -> true;
            default -> false;
        };
    }

    /**
     * Unpacks bytes.
     *
     * @return {@code count} bytes
     * @throws konsil.media.BadMediaException when they are damaged or give fewer
     */
    byte[] unpack(SlideBytes file, byte[] packed, int count) {
        return switch (this) {
            case LZW -> TiffLzw.unpack(file, packed, count);
            case DEFLATE, OLD_DEFLATE -> inflate(file, packed, count);
            case PACK_BITS -> packBits(file, packed, count);
            default -> {
                if (packed.length < count) {
                    throw file.bad("a tile has %d bytes, want %d".formatted(packed.length, count));
                }
                yield packed;
            }
        };
    }

    private static byte[] inflate(SlideBytes file, byte[] packed, int count) {
        var inflater = new Inflater();
        try {
            inflater.setInput(packed);
            byte[] out = new byte[count];
            int at = 0;
            while (at < count) {
                int got = inflater.inflate(out, at, count - at);
                if (got == 0) {
                    throw file.bad("the deflated data of a tile is cut off");
                }
                at += got;
            }
            return out;
        } catch (DataFormatException e) {
            throw new konsil.media.BadMediaException(file.name(), "the deflated data of a tile is damaged", e);
        } finally {
            inflater.end();
        }
    }

    private static byte[] packBits(SlideBytes file, byte[] packed, int count) {
        byte[] out = new byte[count];
        int at = 0;
        for (int from = 0; at < count; ) {
            int run = from < packed.length ? packed[from++] : 0;
            int many = Math.min(count - at, run >= 0 ? run + 1 : run == -128 ? 0 : 1 - run);
            if (from + (run >= 0 ? many : 1) > packed.length && run != -128) {
                throw file.bad("the run lengths of a tile are cut off");
            }
            if (run >= 0) {
                System.arraycopy(packed, from, out, at, many);
                from += run + 1;
            } else if (run != -128) {
                Arrays.fill(out, at, at + many, packed[from++]);
            }
            at += many;
        }
        return out;
    }
}
