package konsil.media.slide;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import konsil.media.Raster;

/**
 * Writes a slide as Aperio's SVS is laid out: a classic TIFF file, little endian, a directory of tiles for each level,
 * size of a pixel and magnification in the description. Tiles are RGB packed with Deflate, so no level is lost.
 */
public final class SlideWriter {
    private static final int TILE = 256;
    private static final int ENTRY = 12;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int ASCII = 2;

    private SlideWriter() {}

    /** A field of a directory; two or four bytes a value, more values lie elsewhere. */
    private record Field(int tag, int type, int count, byte[] value) {}

    /**
     * Writes a file and closes nothing.
     *
     * @param levels the largest first, each smaller than the one before and of its shape
     * @param micrometresPerPixel of the largest level
     * @param power of the objective, such as 20
     * @throws IllegalArgumentException when there is no level, or the file would be above 2 GiB
     */
    public static void write(OutputStream out, List<Raster> levels, double micrometresPerPixel, int power)
            throws IOException {
        if (levels.isEmpty()) throw new IllegalArgumentException("slide: want at least one level");
        var body = new ByteArrayOutputStream();
        var directories = new ArrayList<List<Field>>();
        for (int i = 0; i < levels.size(); i++) {
            directories.add(level(levels.get(i), i, description(levels, i, micrometresPerPixel, power), body));
        }
        int start = 8 + body.size();
        var head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        out.write(head.put(new byte[] {'I', 'I', 42, 0}).putInt(start).array());
        body.writeTo(out);
        for (int i = 0; i < directories.size(); i++) {
            byte[] directory = directory(directories.get(i), start, i == directories.size() - 1);
            out.write(directory);
            start = Math.addExact(start, directory.length);
        }
    }

    private static String description(List<Raster> levels, int at, double micrometresPerPixel, int power) {
        Raster first = levels.getFirst();
        Raster own = levels.get(at);
        String size = "%dx%d".formatted(first.width(), first.height());
        String to = at == 0 ? "" : " -> %dx%d".formatted(own.width(), own.height());
        return String.format(
                Locale.ROOT,
                "Aperio layout, written by Konsil\n%s [0,0 %s] (%dx%d)%s|AppMag = %d|MPP = %.4f",
                size,
                size,
                TILE,
                TILE,
                to,
                power,
                micrometresPerPixel);
    }

    private static List<Field> level(Raster raster, int number, String description, ByteArrayOutputStream body) {
        var places = new ArrayList<Integer>();
        var sizes = new ArrayList<Integer>();
        for (int y = 0; y < raster.height(); y += TILE) {
            for (int x = 0; x < raster.width(); x += TILE) {
                byte[] tile = packed(raster, x, y);
                places.add(Math.addExact(8, body.size()));
                sizes.add(tile.length);
                body.writeBytes(tile);
                // Words begin at even places (TIFF 6.0, section 2).
                if (tile.length % 2 != 0) body.write(0);
            }
        }
        byte[] text = (description + '\0').getBytes(StandardCharsets.US_ASCII);
        return List.of(
                longs(TiffDirectory.SUBFILE, List.of(number == 0 ? 0 : 1)),
                longs(TiffDirectory.WIDTH, List.of(raster.width())),
                longs(TiffDirectory.HEIGHT, List.of(raster.height())),
                shorts(TiffDirectory.BITS, 8, 8, 8),
                shorts(TiffDirectory.COMPRESSION, 8),
                shorts(TiffDirectory.PHOTOMETRIC, 2),
                new Field(TiffDirectory.DESCRIPTION, ASCII, text.length, text),
                shorts(TiffDirectory.SAMPLES, 3),
                longs(TiffDirectory.TILE_WIDTH, List.of(TILE)),
                longs(TiffDirectory.TILE_HEIGHT, List.of(TILE)),
                longs(TiffDirectory.TILE_OFFSETS, places),
                longs(TiffDirectory.TILE_BYTES, sizes));
    }

    /** Samples of one tile, white beyond the picture. */
    private static byte[] packed(Raster raster, int left, int top) {
        byte[] tile = new byte[3 * TILE * TILE];
        Arrays.fill(tile, (byte) 255);
        int width = Math.min(TILE, raster.width() - left);
        for (int row = 0; row < Math.min(TILE, raster.height() - top); row++) {
            int from = 3 * ((top + row) * raster.width() + left);
            System.arraycopy(raster.samples(), from, tile, 3 * TILE * row, 3 * width);
        }
        var out = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
        try (var deflating = new DeflaterOutputStream(out, deflater)) {
            deflating.write(tile);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static Field longs(int tag, List<Integer> values) {
        var data = ByteBuffer.allocate(Math.max(4, 4 * values.size())).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(data::putInt);
        return new Field(tag, LONG, values.size(), data.array());
    }

    private static Field shorts(int tag, int... values) {
        var data = ByteBuffer.allocate(Math.max(4, 2 * values.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) data.putShort((short) value);
        return new Field(tag, SHORT, values.length, data.array());
    }

    /** A directory with what does not fit its fields behind it. */
    private static byte[] directory(List<Field> fields, int start, boolean last) {
        int length = 2 + ENTRY * fields.size() + 4;
        var data = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        var behind = new ByteArrayOutputStream();
        data.putShort((short) fields.size());
        for (Field field : fields) {
            data.putShort((short) field.tag()).putShort((short) field.type()).putInt(field.count());
            if (field.value().length <= 4) {
                data.put(field.value());
            } else {
                data.putInt(start + length + behind.size());
                behind.writeBytes(field.value());
                if (behind.size() % 2 != 0) behind.write(0);
            }
        }
        data.putInt(last ? 0 : start + length + behind.size());
        var out = new ByteArrayOutputStream();
        out.writeBytes(data.array());
        out.writeBytes(behind.toByteArray());
        return out.toByteArray();
    }
}
