package konsil.medasr.lm;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Ids of words by their hash, with the probability and the back-off of each. Id 0 is the unknown word. */
final class WordTable {
    private final long seed = new SplittableRandom().nextLong();
    private long[] hashes = new long[1 << 10];
    private int[] ids = new int[1 << 10];
    private float[] probabilities = new float[1 << 9];
    private float[] backoffs = new float[1 << 9];
    private int words = 1;

    /** @return the new word's id, 0 when it was there already */
    int add(long hash) {
        if (words * 2 >= hashes.length) {
            grow();
        }
        int at = place(hash);
        if (ids[at] != 0) {
            return 0;
        }
        hashes[at] = hash;
        ids[at] = words;
        return words++;
    }

    private void grow() {
        var oldHashes = hashes;
        var oldIds = ids;
        hashes = new long[oldHashes.length * 2];
        ids = new int[hashes.length];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != 0) {
                int at = place(oldHashes[i]);
                hashes[at] = oldHashes[i];
                ids[at] = oldIds[i];
            }
        }
        probabilities = Arrays.copyOf(probabilities, hashes.length / 2);
        backoffs = Arrays.copyOf(backoffs, hashes.length / 2);
    }

    private int place(long hash) {
        long h = (hash ^ seed) * 0x9E3779B97F4A7C15L;
        int at = (int) (h >>> 32) & hashes.length - 1;
        while (ids[at] != 0 && hashes[at] != hash) {
            at = at + 1 & hashes.length - 1;
        }
        return at;
    }

    /** 0 when it is not there. */
    int id(long hash) {
        return ids[place(hash)];
    }

    void set(int word, float probability, float backoff) {
        probabilities[word] = probability;
        backoffs[word] = backoff;
    }

    float probability(int word) {
        return probabilities[word];
    }

    float backoff(int word) {
        return backoffs[word];
    }
}
