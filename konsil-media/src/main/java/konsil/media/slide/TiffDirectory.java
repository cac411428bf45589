package konsil.media.slide;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One directory of a TIFF or BigTIFF file: a picture and what is said of it. */
record TiffDirectory(SlideBytes file, Map<Integer, TiffEntry> entries) {
    static final int SUBFILE = 254;
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int DESCRIPTION = 270;
    static final int STRIP_OFFSETS = 273;
    static final int SAMPLES = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTES = 279;
    static final int X_RESOLUTION = 282;
    static final int PLANAR = 284;
    static final int RESOLUTION_UNIT = 296;
    static final int PREDICTOR = 317;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTES = 325;
    static final int SUB_DIRECTORIES = 330;
    static final int SAMPLE_FORMAT = 339;
    static final int JPEG_TABLES = 347;

    private static final int MOST_ENTRIES = 512;
    private static final int MOST_DIRECTORIES = 512;

    /**
     * The directories of a file, one after the other.
     *
     * @throws konsil.media.BadMediaException when it is no TIFF, or a directory reaches beyond the file or comes twice
     */
    static List<TiffDirectory> readAll(SlideBytes file) {
        var reader = Reader.open(file);
        var found = new ArrayList<TiffDirectory>();
        for (long at = reader.first(); at != 0; ) {
            var next = new long[1];
            found.add(reader.read(at, next));
            at = next[0];
        }
        if (found.isEmpty()) {
            throw file.bad("the TIFF has no directory");
        }
        return found;
    }

    /** Directories that this one points to: smaller sizes of its picture, in OME-TIFF. */
    List<TiffDirectory> inner() {
        TiffEntry places = entries.get(SUB_DIRECTORIES);
        if (places == null) {
            return List.of();
        }
        if (places.count() > MOST_DIRECTORIES) {
            throw file.bad("the TIFF has more than %d directories".formatted(MOST_DIRECTORIES));
        }
        var reader = Reader.open(file);
        var found = new ArrayList<TiffDirectory>();
        for (int i = 0; i < places.count(); i++) {
            found.add(reader.read(places.number(i), new long[1]));
        }
        return found;
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    long count(int tag) {
        return has(tag) ? entries.get(tag).count() : 0;
    }

    /** The first value of a tag as a whole number. */
    long first(int tag, long otherwise) {
        return count(tag) == 0 ? otherwise : entries.get(tag).number(0);
    }

    long number(int tag, long index) {
        if (!has(tag)) {
            throw file.bad("the TIFF lacks field %d".formatted(tag));
        }
        return entries.get(tag).number(index);
    }

    double real(int tag) {
        return count(tag) == 0 ? Double.NaN : entries.get(tag).real(0);
    }

    /** A tag's text up to its end mark, at most so many bytes of it; empty when there is none. */
    String text(int tag, int most) {
        if (!has(tag) || TiffEntry.bytes(entries.get(tag).type()) != 1) {
            return "";
        }
        int length = (int) Math.min(entries.get(tag).count(), most);
        byte[] bytes =
                file.read(entries.get(tag).at(), length, "a text of the TIFF").array();
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    byte[] bytes(int tag) {
        return has(tag) ? entries.get(tag).all() : new byte[0];
    }

    /** Reads directories, each once. */
    private record Reader(SlideBytes file, boolean big, Set<Long> seen) {
        static Reader open(SlideBytes file) {
            ByteBuffer start = file.read(0, 8, "its header");
            boolean little = start.get(0) == 'I' && start.get(1) == 'I';
            if (!little && (start.get(0) != 'M' || start.get(1) != 'M')) {
                throw file.bad("this is no TIFF file");
            }
            file.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int version = file.read(2, 2, "its header").getShort();
            if (version != 42 && version != 43) {
                throw file.bad("this is no TIFF file: want version 42 or 43, got %d".formatted(version));
            }
            if (version == 43 && file.read(4, 2, "its header").getShort() != 8) {
                throw file.bad("this BigTIFF has offsets of another length than 8 bytes");
            }
            return new Reader(file, version == 43, new HashSet<>());
        }

        long first() {
            return big ? place(8) : place(4);
        }

        private long place(long at) {
            return big
                    ? file.read(at, 8, "a directory of the TIFF").getLong()
                    : file.read(at, 4, "a directory of the TIFF").getInt() & 0xFFFFFFFFL;
        }

        /** @param next becomes the place of the next directory, 0 for none */
        TiffDirectory read(long at, long[] next) {
            if (!seen.add(at)) {
                throw file.bad("the TIFF's directories run in a circle");
            }
            if (seen.size() > MOST_DIRECTORIES) {
                throw file.bad("the TIFF has more than %d directories".formatted(MOST_DIRECTORIES));
            }
            int head = big ? 8 : 2;
            ByteBuffer start = file.read(at, head, "a directory of the TIFF");
            long count = big ? start.getLong() : start.getShort() & 0xFFFF;
            if (count < 0 || count > MOST_ENTRIES) {
                throw file.bad("a directory of the TIFF has %d fields, want at most %d".formatted(count, MOST_ENTRIES));
            }
            int size = big ? 20 : 12;
            ByteBuffer data = file.read(at + head, (int) count * size, "a directory of the TIFF");
            var entries = new HashMap<Integer, TiffEntry>();
            for (int i = 0; i < count; i++) {
                int tag = data.getShort(i * size) & 0xFFFF;
                entries.putIfAbsent(tag, entry(data, i * size, at + head));
            }
            next[0] = place(at + head + count * size);
            return new TiffDirectory(file, entries);
        }

        private TiffEntry entry(ByteBuffer data, int at, long start) {
            int type = data.getShort(at + 2) & 0xFFFF;
            long count = big ? data.getLong(at + 4) : data.getInt(at + 4) & 0xFFFFFFFFL;
            int size = TiffEntry.bytes(type);
            if (count < 0 || size > 0 && count > file.size() / size) {
                throw file.cutOff("a field of the TIFF");
            }
            int valueAt = at + (big ? 12 : 8);
            boolean here = size * count <= (big ? 8 : 4);
            long there = big ? data.getLong(valueAt) : data.getInt(valueAt) & 0xFFFFFFFFL;
            long place = here ? start + valueAt : there;
            file.require(place, size * count, "a field of the TIFF");
            return new TiffEntry(file, type, size == 0 ? 0 : count, place);
        }
    }
}
