package konsil.medasr.lm;

import konsil.tensor.file.MappedBytes;

/**
 * Records of so many bits, one behind the other without gaps, the lowest bit of a number in the lowest bit of its first
 * byte (kpu/kenlm util/bit_packing.hh). Eight bytes behind the last belong to them, so that any bit can be read as one
 * of a long.
 *
 * @param at their first byte
 * @param count how many there are
 */
record BitRecords(MappedBytes bytes, long at, int bits, long count) {
    /** As many bits as a number up to this one needs. */
    static int width(long most) {
        return Long.SIZE - Long.numberOfLeadingZeros(most);
    }

    long end() {
        return at + (count * bits + 7) / 8 + Long.BYTES;
    }

    /** @param from first bit of a number in its record @param width of the number, 0 to 57 */
    long read(long record, int from, int width) {
        long bit = record * bits + from;
        return bytes.longAt(at + (bit >>> 3)) >>> (int) (bit & 7) & (1L << width) - 1;
    }
}
