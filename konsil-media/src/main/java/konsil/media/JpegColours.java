package konsil.media;

import java.util.OptionalInt;

/** What the components of a JPEG are. */
enum JpegColours {
    GREY,
    YCC,
    RGB,
    CMYK,
    YCCK;

    /** Adobe's APP14 segment: version 100, no flags, then the transform. */
    private static final byte[] ADOBE = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };

    /** JFIF's APP0 segment: version 1.01, square pixels, no thumbnail. */
    private static final byte[] JFIF = {
        (byte) 0xFF, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };

    private static final int SCALE_BITS = 16;

    /**
     * What libjpeg takes the components for: JFIF means YCbCr, then Adobe's transform counts, then the components'
     * names.
     *
     * @param frame where the number of components stands
     * @param adobe the transform of Adobe's segment, if there is one
     */
    static JpegColours of(ImageBytes file, int frame, boolean jfif, OptionalInt adobe) {
        int components = file.u8(frame);
        return switch (components) {
            case 1 -> GREY;
            case 3 -> {
                boolean named = file.u8(frame + 1) == 'R' && file.u8(frame + 4) == 'G' && file.u8(frame + 7) == 'B';
                boolean rgb = !jfif && (adobe.isPresent() ? adobe.getAsInt() == 0 : named);
                yield rgb ? RGB : YCC;
            }
            case 4 -> adobe.orElse(0) == 0 ? CMYK : YCCK;
            default -> throw file.bad("the JPEG has %d components, want 1, 3 or 4".formatted(components));
        };
    }

    /** The segment that says so. */
    byte[] segment() {
        byte[] segment = this == GREY || this == YCC ? JFIF.clone() : ADOBE.clone();
        if (this == YCCK) {
            segment[segment.length - 1] = 2;
        }
        return segment;
    }

    /** RGB of samples with four components, whose ink is stored inverted, as Pillow takes for granted. */
    Raster inverted(java.awt.image.Raster stored) {
        var inks = stored.createCompatibleWritableRaster();
        int[] row = new int[4 * stored.getWidth()];
        for (int y = 0; y < stored.getHeight(); y++) {
            stored.getPixels(stored.getMinX(), stored.getMinY() + y, stored.getWidth(), 1, row);
            for (int at = 0; at < row.length; at += 4) {
                if (this == YCCK) {
                    toRgb(row, at);
                } else {
                    row[at] = 255 - row[at];
                    row[at + 1] = 255 - row[at + 1];
                    row[at + 2] = 255 - row[at + 2];
                }
                row[at + 3] = 255 - row[at + 3];
            }
            inks.setPixels(inks.getMinX(), inks.getMinY() + y, stored.getWidth(), 1, row);
        }
        return PillowRgb.cmyk(inks);
    }

    /**
     * RGB of Y, Cb, Cr whose colours have half as many rows (4:4:0). The JDK doubles those rows; libjpeg-turbo, and so
     * Pillow, weighs each with its neighbour, 3 to 1 (h1v2_fancy_upsample in jdsample.c).
     *
     * @param stored Y, Cb, Cr, every row of Cb and Cr twice
     */
    static Raster halfRows(java.awt.image.Raster stored) {
        int width = stored.getWidth();
        int height = stored.getHeight();
        int lastPair = (height - 1) / 2;
        byte[] out = Raster.room(width, height);
        int[] row = new int[3 * width];
        int[] near = new int[3 * width];
        for (int y = 0; y < height; y++) {
            boolean upper = y % 2 == 0;
            int pair = Math.clamp(upper ? y / 2 - 1 : y / 2 + 1, 0, lastPair);
            stored.getPixels(stored.getMinX(), stored.getMinY() + y, width, 1, row);
            stored.getPixels(stored.getMinX(), stored.getMinY() + 2 * pair, width, 1, near);
            for (int at = 0; at < row.length; at += 3) {
                row[at + 1] = 3 * row[at + 1] + near[at + 1] + (upper ? 1 : 2) >> 2;
                row[at + 2] = 3 * row[at + 2] + near[at + 2] + (upper ? 1 : 2) >> 2;
                toRgb(row, at);
            }
            for (int i = 0; i < row.length; i++) {
                out[y * row.length + i] = (byte) row[i];
            }
        }
        return new Raster(width, height, out);
    }

    /** Y, Cb, Cr to red, green, blue with libjpeg's fixed-point constants (jdcolor.c), rounded as it rounds. */
    private static void toRgb(int[] row, int at) {
        int y = row[at];
        int cb = row[at + 1] - 128;
        int cr = row[at + 2] - 128;
        int half = 1 << (SCALE_BITS - 1);
        row[at] = Math.clamp(y + (fixed(1.402) * cr + half >> SCALE_BITS), 0, 255);
        row[at + 1] = Math.clamp(y + (half - fixed(0.34414) * cb - fixed(0.71414) * cr >> SCALE_BITS), 0, 255);
        row[at + 2] = Math.clamp(y + (fixed(1.772) * cb + half >> SCALE_BITS), 0, 255);
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << SCALE_BITS) + 0.5);
    }
}
