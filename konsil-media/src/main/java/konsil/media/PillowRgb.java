package konsil.media;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.DoubleSummaryStatistics;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ObjIntConsumer;

/**
 * Decoded samples to 8-bit RGB, as Pillow's {@code convert("RGB")} does it from the mode that it gives such a file
 * (src/libImaging/Convert.c and Unpack.c): palettes are looked up, alpha is dropped, of 16-bit colours the high byte
 * counts, deep grey is clipped unless the settings say otherwise.
 */
record PillowRgb(ImageBytes file, ImageSettings settings) {
    /** What decides the colours is the image's palette or its number of samples a pixel: 1 or 2 grey, more RGB. */
    Raster of(BufferedImage image) {
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return indexed(image.getRaster(), palette);
        }
        return image.getRaster().getNumBands() < Raster.CHANNELS ? grey(image.getRaster()) : rgb(image.getRaster());
    }

    /** Writes one pixel. */
    private interface Pixel {
        /**
         * @param from a row of samples
         * @param at where the pixel's samples begin in it
         * @param to where its red goes
         */
        void write(int[] from, int at, byte[] out, int to);
    }

    private static Raster each(java.awt.image.Raster from, Pixel pixel) {
        int width = from.getWidth();
        int bands = from.getNumBands();
        byte[] out = Raster.room(width, from.getHeight());
        int[] row = new int[width * bands];
        int to = 0;
        for (int y = 0; y < from.getHeight(); y++) {
            from.getPixels(from.getMinX(), from.getMinY() + y, width, 1, row);
            for (int at = 0; at < row.length; at += bands) {
                pixel.write(row, at, out, to);
                to += Raster.CHANNELS;
            }
        }
        return new Raster(width, from.getHeight(), out);
    }

    /** Indices that the palette does not have are black. */
    private static Raster indexed(java.awt.image.Raster from, IndexColorModel palette) {
        int[] colours = new int[1 << from.getSampleModel().getSampleSize(0)];
        for (int i = 0; i < Math.min(colours.length, palette.getMapSize()); i++) {
            colours[i] = palette.getRGB(i);
        }
        return each(from, (row, at, out, to) -> {
            int colour = colours[row[at]];
            out[to] = (byte) (colour >> 16);
            out[to + 1] = (byte) (colour >> 8);
            out[to + 2] = (byte) colour;
        });
    }

    private Raster grey(java.awt.image.Raster from) {
        int bits = from.getSampleModel().getSampleSize(0);
        if (bits > 8 && from.getNumBands() == 1) {
            return deepGrey(from);
        }
        return each(from, (row, at, out, to) -> {
            byte level = eightBits(row[at], bits);
            out[to] = level;
            out[to + 1] = level;
            out[to + 2] = level;
        });
    }

    private static Raster rgb(java.awt.image.Raster from) {
        int[] bits = from.getSampleModel().getSampleSize();
        return each(from, (row, at, out, to) -> {
            for (int i = 0; i < Raster.CHANNELS; i++) {
                out[to + i] = eightBits(row[at + i], bits[i]);
            }
        });
    }

    /** Fewer bits are spread to 0..255, of more the upper eight are taken; a BMP may have colours of no bits. */
    private static byte eightBits(int value, int bits) {
        if (bits >= 8) {
            return (byte) (value >> (bits - 8));
        }
        return (byte) (value * 255 / Math.max(1, (1 << bits) - 1));
    }

    /** RGB that was multiplied by its alpha (TIFF's associated alpha): divided by it again. */
    static Raster associated(java.awt.image.Raster from) {
        int shift = from.getSampleModel().getSampleSize(0) - 8;
        return each(from, (row, at, out, to) -> {
            int alpha = row[at + 3] >> shift;
            for (int i = 0; i < Raster.CHANNELS; i++) {
                int value = row[at + i] >> shift;
                out[to + i] = (byte) (alpha == 0 ? 0 : Math.min(255, value * 255 / alpha));
            }
        });
    }

    /** Cyan, magenta, yellow and black; 0 is no ink. */
    static Raster cmyk(java.awt.image.Raster from) {
        int shift = from.getSampleModel().getSampleSize(0) - 8;
        return each(from, (row, at, out, to) -> {
            int white = 255 - (row[at + 3] >> shift);
            for (int i = 0; i < Raster.CHANNELS; i++) {
                out[to + i] = inked(white, row[at + i] >> shift);
            }
        });
    }

    /** What an ink leaves of the white that black has left. */
    private static byte inked(int white, int ink) {
        // Division by 255, rounded, as it is usual for products of two bytes.
        int product = white * ink + 128;
        return (byte) Math.max(0, white - ((product + (product >> 8)) >> 8));
    }

    private Raster deepGrey(java.awt.image.Raster from) {
        boolean clip = settings.deepGrey() == ImageSettings.DeepGrey.CLIP;
        DoubleSummaryStatistics range = clip ? new DoubleSummaryStatistics() : range(from);
        if (clip || range.getCount() == 0 || range.getMin() >= 0 && range.getMax() <= 255) {
            return deepGrey(from, value -> value);
        }
        if (settings.deepGrey() == ImageSettings.DeepGrey.REFUSE) {
            throw file.bad(("grey values from %.0f to %.0f do not fit 8 bits; Pillow would cut those outside 0..255."
                            + " Convert the image to 8 bits first, or choose to stretch or to clip.")
                    .formatted(range.getMin(), range.getMax()));
        }
        double factor = 255 / (range.getMax() - range.getMin());
        return deepGrey(from, value -> (value - range.getMin()) * factor + 0.5);
    }

    private static DoubleSummaryStatistics range(java.awt.image.Raster from) {
        var range = new DoubleSummaryStatistics();
        eachRow(from, (row, _) -> {
            for (double value : row) {
                if (Double.isFinite(value)) {
                    range.accept(value);
                }
            }
        });
        return range;
    }

    /** Fractions are dropped; what is no number becomes 0. */
    private static Raster deepGrey(java.awt.image.Raster from, DoubleUnaryOperator change) {
        int width = from.getWidth();
        byte[] out = Raster.room(width, from.getHeight());
        eachRow(from, (row, y) -> {
            int to = Raster.CHANNELS * y * width;
            for (double value : row) {
                byte level = (byte) Math.clamp((long) change.applyAsDouble(value), 0, 255);
                out[to] = level;
                out[to + 1] = level;
                out[to + 2] = level;
                to += Raster.CHANNELS;
            }
        });
        return new Raster(width, from.getHeight(), out);
    }

    private static void eachRow(java.awt.image.Raster from, ObjIntConsumer<double[]> use) {
        double[] row = new double[from.getWidth()];
        for (int y = 0; y < from.getHeight(); y++) {
            from.getPixels(from.getMinX(), from.getMinY() + y, row.length, 1, row);
            use.accept(row, y);
        }
    }
}
