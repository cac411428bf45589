package konsil.medasr.lm;

import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;

/**
 * The values that the numbers of a quantised trie stand for (kpu/kenlm lm/quantize.cc, version 2): for each length from
 * 2 on one table of probabilities, for all but the longest one of back-offs as well.
 *
 * @param at where they start, with 8 bytes of header
 * @param probabilityBits the logarithm of how many bins there are
 */
record BinTables(MappedBytes bytes, long at, int probabilityBits, int backoffBits) {
    private static final int VERSION = 2;
    private static final int HEADER = 8;
    private static final int MOST_BITS = 25;

    static BinTables of(MappedBytes bytes, long at) {
        int version = bytes.byteAt(at);
        if (version != VERSION) {
            throw new BadFileException(
                    bytes.path(), "want quantised probabilities of version %d, got %d".formatted(VERSION, version));
        }
        return new BinTables(bytes, at, bits(bytes, at + 1), bits(bytes, at + 2));
    }

    private static int bits(MappedBytes bytes, long at) {
        int bits = bytes.byteAt(at);
        if (bits < 1 || bits > MOST_BITS) {
            throw new BadFileException(
                    bytes.path(), "want quantised numbers of 1 to %d bits, got %d".formatted(MOST_BITS, bits));
        }
        return bits;
    }

    private long start(int length) {
        return at + HEADER + (length - 2L) * Float.BYTES * ((1L << probabilityBits) + (1L << backoffBits));
    }

    /** @param order the length of the longest n-grams */
    long end(int order) {
        return start(order) + Float.BYTES * (1L << probabilityBits);
    }

    float probability(int length, long bin) {
        return bytes.floatAt(start(length) + Float.BYTES * bin);
    }

    float backoff(int length, long bin) {
        return bytes.floatAt(start(length) + Float.BYTES * ((1L << probabilityBits) + bin));
    }
}
