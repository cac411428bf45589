package konsil.media.slide;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konsil.media.Raster;

/** TIFF and BigTIFF files made by hand, one directory after the other. */
final class TiffBytes {
    private final boolean big;
    private final ByteOrder order;
    private final List<Picture> pictures = new ArrayList<>();

    TiffBytes(boolean big, ByteOrder order) {
        this.big = big;
        this.order = order;
    }

    /** A tile's samples as they are packed. */
    interface Pack {
        byte[] tile(Raster tile);
    }

    /** A picture and its fields; numbers are written as LONG, or LONG8 in BigTIFF. */
    static final class Picture {
        final Map<Integer, Object> fields = new TreeMap<>();
        final List<Picture> inner = new ArrayList<>();
        final List<byte[]> tiles = new ArrayList<>();
        boolean tiled;

        Picture set(int tag, long... values) {
            fields.put(tag, values);
            return this;
        }

        Picture set(int tag, byte[] values) {
            fields.put(tag, values);
            return this;
        }

        Picture describe(String text) {
            fields.put(TiffDirectory.DESCRIPTION, text);
            return this;
        }
    }

    /** Adds a picture in tiles; strips when the tile is as wide as the picture and {@code tiled} is false. */
    static Picture picture(Raster raster, int tileWidth, int tileHeight, boolean tiled, Pack pack) {
        var picture = new Picture();
        picture.tiled = tiled;
        picture.set(TiffDirectory.WIDTH, raster.width()).set(TiffDirectory.HEIGHT, raster.height());
        picture.set(TiffDirectory.BITS, 8, 8, 8).set(TiffDirectory.SAMPLES, 3).set(TiffDirectory.PHOTOMETRIC, 2);
        if (tiled) {
            picture.set(TiffDirectory.TILE_WIDTH, tileWidth).set(TiffDirectory.TILE_HEIGHT, tileHeight);
        } else {
            picture.set(TiffDirectory.ROWS_PER_STRIP, tileHeight);
        }
        for (int y = 0; y < raster.height(); y += tileHeight) {
            for (int x = 0; x < raster.width(); x += tileWidth) {
                int height = tiled ? tileHeight : Math.min(tileHeight, raster.height() - y);
                picture.tiles.add(pack.tile(cut(raster, x, y, tileWidth, height)));
            }
        }
        return picture;
    }

    /** A part; black beyond the picture. */
    static Raster cut(Raster raster, int x, int y, int width, int height) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < samples.length; i++) {
            int column = x + i / 3 % width;
            int row = y + i / 3 / width;
            if (column < raster.width() && row < raster.height()) {
                samples[i] = raster.samples()[3 * (row * raster.width() + column) + i % 3];
            }
        }
        return new Raster(width, height, samples);
    }

    TiffBytes add(Picture picture) {
        pictures.add(picture);
        return this;
    }

    byte[] bytes() {
        var out = new Out();
        out.put(new byte[] {(byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'), 0});
        out.bytes.set(1, out.bytes.get(0));
        out.put(number(2, big ? 43 : 42));
        if (big) {
            out.put(number(2, 8));
            out.put(number(2, 0));
        }
        int link = out.size();
        out.put(number(big ? 8 : 4, 0));
        for (Picture picture : pictures) {
            out.at(link, number(big ? 8 : 4, out.next(picture)));
            link = out.link;
        }
        return out.array();
    }

    private byte[] number(int size, long value) {
        var data = ByteBuffer.allocate(8).order(order);
        switch (size) {
            case 1 -> data.put((byte) value);
            case 2 -> data.putShort((short) value);
            case 4 -> data.putInt((int) value);
            default -> data.putLong(value);
        }
        return java.util.Arrays.copyOf(data.array(), size);
    }

    /** The file as it grows. */
    private final class Out {
        final List<Byte> bytes = new ArrayList<>();
        int link;

        int size() {
            return bytes.size();
        }

        void put(byte[] more) {
            for (byte b : more) {
                bytes.add(b);
            }
        }

        void at(int at, byte[] values) {
            for (int i = 0; i < values.length; i++) {
                bytes.set(at + i, values[i]);
            }
        }

        /** Writes what a picture points to, then its directory. @return where that begins */
        int next(Picture picture) {
            long[] places = new long[picture.tiles.size()];
            long[] sizes = new long[places.length];
            for (int i = 0; i < places.length; i++) {
                places[i] = picture.tiles.get(i).length == 0 ? 0 : size();
                sizes[i] = picture.tiles.get(i).length;
                put(picture.tiles.get(i));
            }
            if (places.length > 0) {
                picture.set(picture.tiled ? TiffDirectory.TILE_OFFSETS : TiffDirectory.STRIP_OFFSETS, places);
                picture.set(picture.tiled ? TiffDirectory.TILE_BYTES : TiffDirectory.STRIP_BYTES, sizes);
            }
            if (!picture.inner.isEmpty()) {
                long[] inner = new long[picture.inner.size()];
                for (int i = 0; i < inner.length; i++) {
                    inner[i] = next(picture.inner.get(i));
                }
                picture.set(TiffDirectory.SUB_DIRECTORIES, inner);
            }
            return directory(picture);
        }

        private int directory(Picture picture) {
            var entries = new ByteArrayOutputStream();
            picture.fields.forEach((tag, value) -> entries.writeBytes(entry(tag, value)));
            int at = size();
            put(number(big ? 8 : 2, picture.fields.size()));
            put(entries.toByteArray());
            link = size();
            put(number(big ? 8 : 4, 0));
            return at;
        }

        private byte[] entry(int tag, Object value) {
            var values = new ByteArrayOutputStream();
            int type = big ? 16 : 4;
            long count;
            switch (value) {
                case long[] numbers -> {
                    count = numbers.length;
                    for (long number : numbers) {
                        values.writeBytes(number(big ? 8 : 4, number));
                    }
                }
                case String text -> {
                    type = 2;
                    values.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                    values.write(0);
                    count = values.size();
                }
                default -> {
                    type = 7;
                    values.writeBytes((byte[]) value);
                    count = values.size();
                }
            }
            var entry = new ByteArrayOutputStream();
            entry.writeBytes(number(2, tag));
            entry.writeBytes(number(2, type));
            entry.writeBytes(number(big ? 8 : 4, count));
            int room = big ? 8 : 4;
            if (values.size() > room) {
                entry.writeBytes(number(room, size()));
                put(values.toByteArray());
            } else {
                entry.writeBytes(java.util.Arrays.copyOf(values.toByteArray(), room));
            }
            return entry.toByteArray();
        }

        byte[] array() {
            byte[] array = new byte[bytes.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = bytes.get(i);
            }
            return array;
        }
    }
}
