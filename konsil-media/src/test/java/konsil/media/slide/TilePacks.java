package konsil.media.slide;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import konsil.media.Raster;

/** Ways to pack tiles, for files made by hand. */
final class TilePacks {
    private TilePacks() {}

    static byte[] deflate(byte[] samples) {
        var deflater = new Deflater();
        deflater.setInput(samples);
        deflater.finish();
        byte[] out = new byte[samples.length + 100];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    /** Literal runs, and one run of repeats where the last bytes are equal. */
    static byte[] packBits(byte[] samples) {
        var out = new ByteArrayOutputStream();
        int at = 0;
        while (at < samples.length) {
            int same = 1;
            while (same < 128 && at + same < samples.length && samples[at + same] == samples[at]) {
                same++;
            }
            if (same > 1) {
                out.write(1 - same);
                out.write(samples[at]);
                at += same;
            } else {
                out.write(0);
                out.write(samples[at++]);
            }
        }
        return out.toByteArray();
    }

    /** TIFF's LZW by a table of strings, as its specification describes it. */
    static byte[] lzw(byte[] samples) {
        var bits = new Bits();
        var table = new HashMap<String, Integer>();
        bits.put(256, 9);
        String string = "";
        for (int i = 0; i <= samples.length; i++) {
            String longer = i < samples.length ? string + (char) (samples[i] & 0xFF) : "";
            if (longer.length() == 1 || table.containsKey(longer)) {
                string = longer;
                continue;
            }
            int next = 258 + table.size();
            bits.put(string.length() == 1 ? string.charAt(0) : table.get(string), width(next));
            if (i < samples.length) {
                table.put(longer, next);
                string = longer.substring(longer.length() - 1);
                if (table.size() == 4094 - 258) {
                    bits.put(256, 12);
                    table.clear();
                }
            }
        }
        bits.put(257, width(258 + table.size() + 1));
        return bits.out.toByteArray();
    }

    private static int width(int next) {
        return next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9;
    }

    private static final class Bits {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int held;
        private int count;

        void put(int code, int width) {
            held = held << width | code;
            count += width;
            while (count >= 8) {
                out.write(held >> count - 8);
                count -= 8;
            }
            if (code == 257) {
                out.write(held << 8 - count);
            }
        }
    }

    /** Differences from sample to sample of the same colour. */
    static byte[] differences(Raster tile) {
        byte[] out = tile.samples().clone();
        int stride = 3 * tile.width();
        for (int i = out.length - 1; i >= 0; i--) {
            if (i % stride >= 3) {
                out[i] -= out[i - 3];
            }
        }
        return out;
    }

    /** A whole JPEG, its colours as YCbCr. */
    static byte[] jpeg(Raster tile) {
        var image = new BufferedImage(tile.width(), tile.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < tile.width() * tile.height(); i++) {
            int rgb = (tile.samples()[3 * i] & 0xFF) << 16
                    | (tile.samples()[3 * i + 1] & 0xFF) << 8
                    | tile.samples()[3 * i + 2] & 0xFF;
            image.setRGB(i % tile.width(), i / tile.width(), rgb);
        }
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpeg", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The tables of a JPEG (DQT, DHT), or the JPEG without them. */
    static byte[] part(byte[] jpeg, boolean tables) {
        var out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        int at = 2;
        while (jpeg[at + 1] != (byte) 0xDA) {
            int length = 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
            boolean table = jpeg[at + 1] == (byte) 0xDB || jpeg[at + 1] == (byte) 0xC4;
            if (table == tables) {
                out.write(jpeg, at, length);
            }
            at += length;
        }
        if (tables) {
            out.write(0xFF);
            out.write(0xD9);
        } else {
            out.write(jpeg, at, jpeg.length - at);
        }
        return out.toByteArray();
    }
}
