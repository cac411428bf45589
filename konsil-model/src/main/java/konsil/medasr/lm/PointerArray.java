package konsil.medasr.lm;

import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;

/**
 * The high bits of pointers that never fall: entry h is the first record whose pointer has high bits of at least h
 * (Raj and Whittaker, ICASSP 2003; kpu/kenlm lm/bhiksha.cc, version 0).
 *
 * @param at its first entry
 * @param entries how many
 * @param lowBits of each pointer that stand in its record
 * @param end behind it
 */
record PointerArray(MappedBytes bytes, long at, long entries, int lowBits, long end) {
    private static final int HEADER = 8;
    private static final int MOST_BITS = 64;

    /** The most high bits that an array may hold, as the header of the first one says. */
    static int mostBits(MappedBytes bytes, long at) {
        int version = bytes.byteAt(at);
        int bits = bytes.byteAt(at + 1) & 0xFF;
        if (version != 0 || bits > MOST_BITS) {
            throw new BadFileException(
                    bytes.path(),
                    "want pointer arrays of version 0 and up to %d bits, got %d and %d"
                            .formatted(MOST_BITS, version, bits));
        }
        return bits;
    }

    /**
     * @param records that point, with the one behind the last
     * @param most the largest pointer
     */
    static PointerArray of(MappedBytes bytes, long at, long records, long most, int mostBits) {
        int width = BitRecords.width(most);
        int high = cheapest(records, most, Math.min(width, mostBits));
        long entries = entry(most, width - high) + 1;
        long first = (at + HEADER - 1) / HEADER * HEADER + HEADER;
        return new PointerArray(bytes, first, entries, width - high, at + HEADER * (entries + 1) + HEADER - 1);
    }

    private static long entry(long pointer, int lowBits) {
        return lowBits == Long.SIZE ? 0 : pointer >>> lowBits;
    }

    /** The number of high bits that saves most: each takes a bit from every record and doubles the array. */
    private static int cheapest(long records, long most, int limit) {
        int width = BitRecords.width(most);
        int best = 0;
        long least = Long.MAX_VALUE;
        for (int high = 0; high <= limit; high++) {
            long bits = entry(most, width - high) * Long.SIZE - records * high;
            if (bits < least) {
                least = bits;
                best = high;
            }
        }
        return best;
    }

    /** The pointer of a record out of its low bits. */
    long pointer(long record, long low) {
        long below = 0;
        long above = entries;
        while (above - below > 1) {
            long middle = (below + above) >>> 1;
            if (bytes.longAt(at + Long.BYTES * middle) <= record) {
                below = middle;
            } else {
                above = middle;
            }
        }
        return below << lowBits | low;
    }
}
