package konsil.media;

import java.util.HashMap;
import java.util.Map;

/**
 * The first directory of a TIFF 6.0 file: whole-number tags by their number. Every entry is checked to lie inside the
 * file, so that whoever reads it afterwards meets no count that is larger than the file.
 */
record TiffTags(ImageBytes file, Map<Integer, long[]> values) {
    static final int WIDTH = 256;
    static final int HEIGHT = 257;
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int STRIP_OFFSETS = 273;
    static final int SAMPLES = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int PREDICTOR = 317;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;

    /** Values of a tag that are kept: more strips or tiles than any picture of a readable size has. */
    static final int MAX_KEPT = 1 << 18;

    private static final int ENTRY = 12;

    /** Bytes of one value, by type: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, ... 13 IFD. */
    private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    /** @throws BadMediaException when there is no directory or it reaches beyond the file */
    static TiffTags read(ImageBytes file) {
        boolean little = file.has(0, "II*\0");
        if (!little && !file.has(0, "MM\0*")) {
            throw file.bad("this is no TIFF 6.0 file");
        }
        return new Reader(file, little).read();
    }

    /** Where the first row and column belong; upright when the file does not say. */
    Orientation orientation() {
        return Orientation.of(first(Orientation.TAG, 1));
    }

    boolean has(int tag) {
        return values.containsKey(tag);
    }

    /** The values of a tag; none when it is missing or holds no whole numbers. */
    long[] all(int tag) {
        return values.getOrDefault(tag, new long[0]);
    }

    long first(int tag, long otherwise) {
        long[] found = all(tag);
        return found.length == 0 ? otherwise : found[0];
    }

    private record Reader(ImageBytes file, boolean little) {
        TiffTags read() {
            long directory = u32(4);
            file.require(directory, 2, "the directory of the TIFF");
            int at = (int) directory + 2;
            int entries = u16((int) directory);
            file.require(at, (long) ENTRY * entries, "the directory of the TIFF");
            var values = new HashMap<Integer, long[]>();
            for (int i = 0; i < entries; i++) {
                values.putIfAbsent(u16(at), entry(at));
                at += ENTRY;
            }
            return new TiffTags(file, values);
        }

        private long[] entry(int at) {
            int type = u16(at + 2);
            long count = u32(at + 4);
            int size = type < TYPE_BYTES.length ? TYPE_BYTES[type] : 0;
            long from = size * count > 4 ? u32(at + 8) : at + 8L;
            file.require(from, size * count, "a field of the TIFF");
            boolean whole = type == 1 || type == 3 || type == 4;
            long[] values = new long[whole ? (int) Math.min(count, MAX_KEPT) : 0];
            for (int i = 0; i < values.length; i++) {
                int value = (int) from + size * i;
                values[i] = size == 1 ? file.u8(value) : size == 2 ? u16(value) : u32(value);
            }
            return values;
        }

        private int u16(int at) {
            return little ? file.u16Little(at) : file.u16Big(at);
        }

        private long u32(int at) {
            return little ? file.u32Little(at) : file.u32Big(at);
        }
    }
}
