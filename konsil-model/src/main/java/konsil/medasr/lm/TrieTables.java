package konsil.medasr.lm;

import java.nio.file.Path;
import java.util.Optional;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;

/**
 * A KenLM binary of the kind "trie", with or without quantised values and arrays of pointers (kpu/kenlm
 * lm/search_trie.hh, lm/vocab.cc). From the newest word on each level is one word more of what was before. Every n-gram
 * that a longer one ends with is there.
 */
final class TrieTables implements NGramTables {
    private static final int UNIGRAM = 16;
    private static final int SIGN = 0x80000000;
    private static final int PROBABILITY_BITS = 31;

    private final MappedBytes bytes;
    private final long[] counts;
    private final long hashes;
    private final long words;
    private final Optional<BinTables> bins;
    private final long unigrams;
    private final TrieLevel[] longer;
    private final long end;

    TrieTables(MappedBytes bytes, KenLmHeader header) {
        this.bytes = bytes;
        counts = header.counts();
        hashes = header.end() + Long.BYTES;
        long search = hashes + Long.BYTES * counts[0];
        // what is read below to learn the sizes
        header.requireBytes(bytes, search + Long.BYTES);
        words = bytes.longAt(header.end());
        if (words < 1 || words > counts[0]) {
            throw new BadFileException(
                    file(), "says %s words are used of %d".formatted(Long.toUnsignedString(words), counts[0]));
        }
        bins = header.kind().quantised() ? Optional.of(BinTables.of(bytes, search)) : Optional.empty();
        unigrams = bins.map(tables -> tables.end(order())).orElse(search);
        long at = unigrams + UNIGRAM * (counts[0] + 2);
        header.requireBytes(bytes, at + Long.BYTES);
        boolean withArrays = header.kind().withArrays() && order() > 2;
        int arrayBits = withArrays ? PointerArray.mostBits(bytes, at) : 0;
        longer = new TrieLevel[order() - 1];
        for (int length = 2; length <= order(); length++) {
            boolean pointing = withArrays && length < order();
            longer[length - 2] = level(length, at, pointing ? Optional.of(arrayBits) : Optional.empty());
            at = longer[length - 2].records().end();
        }
        end = at;
        header.requireBytes(bytes, end);
    }

    private TrieLevel level(int length, long at, Optional<Integer> arrayBits) {
        long count = counts[length - 1];
        long next = length == order() ? 0 : counts[length];
        var array = arrayBits.map(bits -> PointerArray.of(bytes, at, count + 1, next, bits));
        int wordBits = BitRecords.width(counts[0]);
        int pointerBits = array.map(PointerArray::lowBits).orElse(BitRecords.width(next));
        int valueBits = valueBits(length == order());
        int bits = wordBits + valueBits + pointerBits;
        var records = new BitRecords(bytes, array.map(PointerArray::end).orElse(at), bits, count + 1);
        return new TrieLevel(records, wordBits, valueBits, pointerBits, next, array);
    }

    private int valueBits(boolean longest) {
        int probability = bins.map(BinTables::probabilityBits).orElse(PROBABILITY_BITS);
        int backoff = bins.map(BinTables::backoffBits).orElse(Float.SIZE);
        return longest ? probability : probability + backoff;
    }

    /** Where the tables end, in bytes. */
    long end() {
        return end;
    }

    @Override
    public Path file() {
        return bytes.path();
    }

    @Override
    public int order() {
        return counts.length;
    }

    @Override
    public long count(int length) {
        return counts[length - 1];
    }

    /** The hashes are sorted, unsigned; a word's id is one more than its place. */
    @Override
    public int wordId(long hash) {
        long below = 0;
        long above = words;
        while (below < above) {
            long middle = (below + above) >>> 1;
            int order = Long.compareUnsigned(bytes.longAt(hashes + Long.BYTES * middle), hash);
            if (order == 0) {
                return (int) middle + 1;
            }
            if (order < 0) {
                below = middle + 1;
            } else {
                above = middle;
            }
        }
        return NGramModel.UNKNOWN;
    }

    @Override
    public long longer(int length, long node, int word) {
        if (node == ABSENT) {
            return ABSENT;
        }
        return longer[length - 2].find(length == 2 ? afterWord(node) : longer[length - 3].longer(node), word);
    }

    private TrieLevel.Range afterWord(long word) {
        long at = unigrams + UNIGRAM * word + 8;
        return new TrieLevel.Range(bytes.longAt(at), bytes.longAt(at + UNIGRAM)).within(counts[1], file());
    }

    @Override
    public long find(int length, long node) {
        return node;
    }

    /** A value is never above 0, so tries do not store its sign. */
    @Override
    public float probability(int length, long at) {
        if (length == 1) {
            return Float.intBitsToFloat(bytes.intAt(unigrams + UNIGRAM * at) | SIGN);
        }
        var level = longer[length - 2];
        if (bins.isEmpty()) {
            return Float.intBitsToFloat((int) level.value(at, 0, PROBABILITY_BITS) | SIGN);
        }
        int before = length == order() ? 0 : bins.get().backoffBits();
        return bins.get().probability(length, level.value(at, before, bins.get().probabilityBits()));
    }

    @Override
    public float backoff(int length, long at) {
        if (length == 1) {
            return bytes.floatAt(unigrams + UNIGRAM * at + 4);
        }
        var level = longer[length - 2];
        if (bins.isEmpty()) {
            return Float.intBitsToFloat((int) level.value(at, PROBABILITY_BITS, Float.SIZE));
        }
        return bins.get().backoff(length, level.value(at, 0, bins.get().backoffBits()));
    }

    @Override
    public void close() {
        bytes.close();
    }
}
