package konsil.medasr.lm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;

/**
 * The header of a KenLM binary, format version 5 (kpu/kenlm lm/binary_format.cc), and the places of everything behind
 * it: vocabulary, 1-grams, one hash table for each longer length, words. Nothing is aligned but the header.
 */
final class KenLmFile {
    private static final String ANY_VERSION = "mmap lm http://kheafield.com/code ";
    private static final String MAGIC = ANY_VERSION + "format version 5\n\0";
    private static final String UNFINISHED = ANY_VERSION + "incomplete\n";
    private static final String[] KINDS = {
        "probing", "probing with rest costs", "trie", "quantised trie", "array trie", "quantised array trie"
    };
    private static final int SANITY = 56;
    private static final int PARAMETERS = 88;
    private static final int COUNTS = 108;
    private static final long MOST_NGRAMS = 1L << 36;

    private final MappedBytes bytes;

    private KenLmFile(MappedBytes bytes) {
        this.bytes = bytes;
    }

    /** Whether a file starts as these binaries do, of any version. */
    static boolean isOne(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new BadFileException(path, "there is no such file");
        }
        byte[] wanted = ascii(ANY_VERSION);
        try (var in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(wanted.length), wanted);
        }
    }

    static NGramModel open(Path path) throws IOException {
        var bytes = MappedBytes.open(path);
        try {
            return open(bytes);
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    static NGramModel open(MappedBytes bytes) {
        return new NGramModel(new KenLmFile(bytes).tables());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private BadFileException bad(String what) {
        return new BadFileException(bytes.path(), what);
    }

    private KenLmTables tables() {
        checkSanity();
        int order = bytes.byteAt(PARAMETERS) & 0xFF;
        checkKind();
        if (order < 2 || order > ArpaFile.LONGEST_NGRAM) {
            throw bad("want n-grams of up to 2 to %d words, got %d".formatted(ArpaFile.LONGEST_NGRAM, order));
        }
        if (bytes.size() < COUNTS + 8L * order) {
            throw bad("ends inside its header");
        }
        var tables = new KenLmTables(bytes, counts(order), multiplier(), (COUNTS + 8L * order + 7) / 8 * 8);
        checkWords(tables.end());
        return tables;
    }

    private void checkSanity() {
        if (bytes.holds(ascii(UNFINISHED), 0)) {
            throw bad("KenLM did not finish writing this file; build it again");
        }
        if (!bytes.holds(ascii(MAGIC), 0)) {
            throw bad("want a KenLM binary of format version 5; build it again from the ARPA file");
        }
        if (bytes.size() < COUNTS) {
            throw bad("ends inside its header");
        }
        boolean sane = bytes.floatAt(SANITY) == 0
                && bytes.floatAt(SANITY + 4) == 1
                && bytes.floatAt(SANITY + 8) == -0.5f
                && bytes.intAt(SANITY + 12) == 1
                && bytes.intAt(SANITY + 16) == -1
                && bytes.longAt(SANITY + 24) == 1;
        if (!sane) {
            throw bad("the test values of its header are not those of a 64-bit little-endian machine");
        }
    }

    private void checkKind() {
        int kind = bytes.intAt(PARAMETERS + 8);
        if (kind != 0) {
            String name = kind > 0 && kind < KINDS.length ? KINDS[kind] : "unknown";
            throw bad("want a KenLM binary of the kind \"probing\", this is \"%s\" (%d); %s"
                    .formatted(name, kind, "use the ARPA file, or run KenLM's build_binary on it anew"));
        }
        int version = bytes.intAt(PARAMETERS + 16);
        if (version != 0) {
            throw bad("want probing tables of version 0, got %d".formatted(version));
        }
    }

    private float multiplier() {
        float multiplier = bytes.floatAt(PARAMETERS + 4);
        if (!(multiplier >= 1 && multiplier <= 100)) {
            throw bad("want a probing multiplier of 1 to 100");
        }
        return multiplier;
    }

    private long[] counts(int order) {
        var counts = new long[order];
        for (int i = 0; i < order; i++) {
            counts[i] = bytes.longAt(COUNTS + 8L * i);
            if (counts[i] < 0 || counts[i] > (i == 0 ? Integer.MAX_VALUE : MOST_NGRAMS)) {
                throw bad("says it holds %s n-grams of length %d".formatted(Long.toUnsignedString(counts[i]), i + 1));
            }
        }
        return counts;
    }

    private void checkWords(long at) {
        boolean withWords = bytes.byteAt(PARAMETERS + 12) != 0;
        if (withWords && !bytes.holds(ascii("<unk>\0"), at)) {
            throw bad("want its list of words at byte %d; the tables before it have another size".formatted(at));
        }
    }
}
