package konsil.medasr.lm;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;

/**
 * The header of a KenLM binary, format version 5 (kpu/kenlm lm/binary_format.cc).
 *
 * @param multiplier places of a hash table for each of its entries, in probing binaries
 * @param counts how many n-grams of length 1, 2, ... it holds
 * @param withWords whether its words follow behind the tables
 */
record KenLmHeader(Path file, Kind kind, float multiplier, long[] counts, boolean withWords) {
    static final String ANY_VERSION = "mmap lm http://kheafield.com/code ";
    private static final String MAGIC = ANY_VERSION + "format version 5\n\0";
    private static final String UNFINISHED = ANY_VERSION + "incomplete\n";
    private static final int SANITY = 56;
    private static final int PARAMETERS = 88;
    private static final int COUNTS = 108;
    private static final long MOST_NGRAMS = 1L << 36;

    /** What holds the n-grams; the order is that of KenLM's numbers. */
    enum Kind {
        PROBING("probing", 0),
        PROBING_WITH_REST("probing with rest costs", 0),
        TRIE("trie", 1),
        QUANTISED_TRIE("quantised trie", 1),
        ARRAY_TRIE("array trie", 1),
        QUANTISED_ARRAY_TRIE("quantised array trie", 1);

        private final String title;
        private final int version;

        Kind(String title, int version) {
            this.title = title;
            this.version = version;
        }

        boolean trie() {
            return version == 1;
        }

        /** Whether probabilities are numbers of bins. */
        boolean quantised() {
            return this == QUANTISED_TRIE || this == QUANTISED_ARRAY_TRIE;
        }

        /** Whether the high bits of pointers are in arrays. */
        boolean withArrays() {
            return this == ARRAY_TRIE || this == QUANTISED_ARRAY_TRIE;
        }
    }

    /** @throws BadFileException when it is none, or of a kind or version that is not read */
    static KenLmHeader of(MappedBytes bytes) {
        checkSanity(bytes);
        int order = bytes.byteAt(PARAMETERS) & 0xFF;
        var kind = kind(bytes);
        if (order < 2 || order > ArpaFile.LONGEST_NGRAM) {
            throw bad(bytes, "want n-grams of up to 2 to %d words, got %d".formatted(ArpaFile.LONGEST_NGRAM, order));
        }
        if (bytes.size() < COUNTS + 8L * order) {
            throw bad(bytes, "ends inside its header");
        }
        boolean withWords = bytes.byteAt(PARAMETERS + 12) != 0;
        return new KenLmHeader(bytes.path(), kind, multiplier(bytes), counts(bytes, order), withWords);
    }

    private static BadFileException bad(MappedBytes bytes, String what) {
        return new BadFileException(bytes.path(), what);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void checkSanity(MappedBytes bytes) {
        if (bytes.holds(ascii(UNFINISHED), 0)) {
            throw bad(bytes, "KenLM did not finish writing this file; build it again");
        }
        if (!bytes.holds(ascii(MAGIC), 0)) {
            throw bad(bytes, "want a KenLM binary of format version 5; build it again from the ARPA file");
        }
        if (bytes.size() < COUNTS) {
            throw bad(bytes, "ends inside its header");
        }
        boolean sane = bytes.floatAt(SANITY) == 0
                && bytes.floatAt(SANITY + 4) == 1
                && bytes.floatAt(SANITY + 8) == -0.5f
                && bytes.intAt(SANITY + 12) == 1
                && bytes.intAt(SANITY + 16) == -1
                && bytes.longAt(SANITY + 24) == 1;
        if (!sane) {
            throw bad(bytes, "the test values of its header are not those of a 64-bit little-endian machine");
        }
    }

    private static Kind kind(MappedBytes bytes) {
        int number = bytes.intAt(PARAMETERS + 8);
        boolean known = number >= 0 && number < Kind.values().length;
        if (!known || Kind.values()[number] == Kind.PROBING_WITH_REST) {
            throw bad(
                    bytes,
                    "want a KenLM binary, \"probing\" or a trie, this is \"%s\" (%d); %s"
                            .formatted(
                                    known ? Kind.values()[number].title : "unknown",
                                    number,
                                    "use the ARPA file, or run KenLM's build_binary on it anew"));
        }
        var kind = Kind.values()[number];
        int version = bytes.intAt(PARAMETERS + 16);
        if (version != kind.version) {
            throw bad(bytes, "want a %s of version %d, got %d".formatted(kind.title, kind.version, version));
        }
        return kind;
    }

    private static float multiplier(MappedBytes bytes) {
        float multiplier = bytes.floatAt(PARAMETERS + 4);
        if (!(multiplier >= 1 && multiplier <= 100)) {
            throw bad(bytes, "want a probing multiplier of 1 to 100");
        }
        return multiplier;
    }

    private static long[] counts(MappedBytes bytes, int order) {
        var counts = new long[order];
        for (int i = 0; i < order; i++) {
            counts[i] = bytes.longAt(COUNTS + 8L * i);
            if (counts[i] < 0 || counts[i] > (i == 0 ? Integer.MAX_VALUE - 8 : MOST_NGRAMS)) {
                throw bad(
                        bytes,
                        "says it holds %s n-grams of length %d".formatted(Long.toUnsignedString(counts[i]), i + 1));
            }
        }
        return counts;
    }

    int order() {
        return counts.length;
    }

    /** Where the vocabulary starts, in bytes. */
    long end() {
        return (COUNTS + 8L * order() + 7) / 8 * 8;
    }

    /** @throws BadFileException when the file ends before this byte */
    void requireBytes(MappedBytes bytes, long end) {
        if (bytes.size() < end) {
            throw bad(bytes, "has %d bytes, its header says at least %d; cut short?".formatted(bytes.size(), end));
        }
    }

    /** @param at where its words start, if it has any */
    void requireWords(MappedBytes bytes, long at) {
        if (withWords && !bytes.holds(ascii("<unk>\0"), at)) {
            throw bad(bytes, "want its list of words at byte %d; the tables before it have another size".formatted(at));
        }
    }
}
