package konsil.medasr.lm;

import java.nio.file.Path;
import java.util.Optional;
import konsil.tensor.file.BadFileException;

/**
 * The n-grams of one length in a trie, those that end alike side by side (kpu/kenlm lm/trie.cc): each the id of its
 * oldest word, its values, and unless it is of the longest where the n-grams with one word more begin.
 *
 * @param wordBits of an id
 * @param valueBits of probability and back-off together
 * @param pointerBits that stand in the record
 * @param next how many n-grams with one word more there are
 */
record TrieLevel(
        BitRecords records, int wordBits, int valueBits, int pointerBits, long next, Optional<PointerArray> array) {

    /** The n-gram among those from one up to another that begins with a word, or {@link NGramTables#ABSENT}. */
    long find(Range range, int word) {
        long below = range.from();
        long above = range.to();
        while (below < above) {
            long middle = (below + above) >>> 1;
            long there = records.read(middle, 0, wordBits);
            if (there == word) {
                return middle;
            }
            if (there < word) {
                below = middle + 1;
            } else {
                above = middle;
            }
        }
        return NGramTables.ABSENT;
    }

    long value(long at, int from, int width) {
        return records.read(at, wordBits + from, width);
    }

    /** The n-grams with one word more in front. */
    Range longer(long at) {
        return new Range(pointer(at), pointer(at + 1)).within(next, this);
    }

    private long pointer(long at) {
        long low = records.read(at, wordBits + valueBits, pointerBits);
        return array.map(high -> high.pointer(at, low)).orElse(low);
    }

    /** Some n-grams of a level, the last not included. */
    record Range(long from, long to) {
        Range within(long count, TrieLevel level) {
            return within(count, level.records().bytes().path());
        }

        /** @throws BadFileException when there are no such n-grams */
        Range within(long count, Path file) {
            if (from < 0 || from > to || to > count) {
                throw new BadFileException(file, "its trie points to n-grams that are not there; is it damaged?");
            }
            return this;
        }
    }
}
