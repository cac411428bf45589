package konsil.medasr.lm;

import java.nio.file.Path;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.MappedBytes;

/**
 * The hash tables of a KenLM binary of the kind "probing" (kpu/kenlm lm/search_hashed.hh, util/probing_hash_table.hh):
 * open addressing with linear probing, key 0 marks a free place, a key's first place is its rest by the number of
 * places, unsigned.
 */
final class ProbingTables implements NGramTables {
    private static final int WORD_ENTRY = 12;
    private static final int UNIGRAM_ENTRY = 8;
    private static final int MIDDLE_ENTRY = 16;
    private static final int LONGEST_ENTRY = 12;
    private static final int SIGN = 0x80000000;

    private final MappedBytes bytes;
    private final long[] counts;
    private final int wordsUsed;
    private final Table words;
    private final long unigrams;
    private final Table[] longer;
    private final long end;

    ProbingTables(MappedBytes bytes, KenLmHeader header) {
        this.bytes = bytes;
        this.counts = header.counts();
        float multiplier = header.multiplier();
        long at = header.end();
        words = new Table(at + 8, places(counts[0], multiplier), WORD_ENTRY);
        unigrams = words.end();
        longer = new Table[counts.length - 1];
        long next = unigrams + (counts[0] + 1) * UNIGRAM_ENTRY;
        for (int i = 0; i < longer.length; i++) {
            int entry = i == longer.length - 1 ? LONGEST_ENTRY : MIDDLE_ENTRY;
            longer[i] = new Table(next, places(counts[i + 1], multiplier), entry);
            next = longer[i].end();
        }
        end = next;
        header.requireBytes(bytes, end);
        wordsUsed = wordsUsed(at);
    }

    private int wordsUsed(long at) {
        if (bytes.intAt(at) != 0) {
            throw new BadFileException(file(), "want a vocabulary of version 0, got %d".formatted(bytes.intAt(at)));
        }
        int used = bytes.intAt(at + 4);
        if (used < 1 || used > counts[0] + 1) {
            throw new BadFileException(
                    file(), "says %d words are used of %d".formatted(Integer.toUnsignedLong(used), counts[0]));
        }
        return used;
    }

    /** KenLM multiplies in f32, so large tables have a few places more or less than the product. */
    private static long places(long entries, float multiplier) {
        return Math.max(entries + 1, (long) (multiplier * (float) entries));
    }

    /** Where the tables end, in bytes. */
    long end() {
        return end;
    }

    /** One hash table. @param at its first byte @param entry the bytes of an entry, the key first */
    private record Table(long at, long places, int entry) {
        long end() {
            return at + places * entry;
        }

        /** The byte where the entry of a key is, or {@link #ABSENT}. */
        long find(MappedBytes bytes, long key) {
            long place = Long.remainderUnsigned(key, places);
            for (long tried = 0; tried < places; tried++) {
                long offset = at + place * entry;
                long there = bytes.longAt(offset);
                if (there == 0) {
                    return ABSENT;
                }
                if (there == key) {
                    return offset;
                }
                place = place + 1 == places ? 0 : place + 1;
            }
            return ABSENT;
        }
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

    @Override
    public int wordId(long hash) {
        long at = words.find(bytes, hash);
        if (at == ABSENT) {
            return NGramModel.UNKNOWN;
        }
        int id = bytes.intAt(at + 8);
        if (id < 0 || id >= wordsUsed) {
            throw new BadFileException(file(), "a word has an id beyond the %d words".formatted(wordsUsed));
        }
        return id;
    }

    @Override
    public long longer(int length, long node, int word) {
        return WordHash.older(node, word);
    }

    @Override
    public long find(int length, long node) {
        return length == 1 ? node : longer[length - 2].find(bytes, node);
    }

    /** The sign of a probability says whether longer n-grams end with this one; the value is never above 0. */
    @Override
    public float probability(int length, long at) {
        long value = length == 1 ? unigrams + at * UNIGRAM_ENTRY : at + 8;
        return Float.intBitsToFloat(bytes.intAt(value) | SIGN);
    }

    @Override
    public float backoff(int length, long at) {
        return bytes.floatAt(length == 1 ? unigrams + at * UNIGRAM_ENTRY + 4 : at + 12);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
