package konsil.medasr.lm;

import java.util.SplittableRandom;

/**
 * The n-grams of one length by key, side by side in arrays. The place of a key depends on a random number, so that no
 * file can be made whose keys all fall on one place. Grows as n-grams come, whatever the file says it will hold.
 */
final class NGramTable {
    private static final int FIRST = 1 << 16;
    private static final double FULLEST = 0.8;

    private final long seed = new SplittableRandom().nextLong();
    private final long expected;
    private final boolean longest;
    private long[] keys;
    private float[] probabilities;
    private float[] backoffs;
    private int size;

    /** @param expected how many the file says there are @param longest whether they have no back-off */
    NGramTable(long expected, boolean longest) {
        this.expected = expected;
        this.longest = longest;
        allocate(placesFor(Math.min(expected, FIRST)));
    }

    private static int placesFor(long entries) {
        return Math.toIntExact((long) (entries / FULLEST) + 2);
    }

    private void allocate(int places) {
        keys = new long[places];
        probabilities = new float[places];
        backoffs = new float[longest ? 0 : places];
    }

    /** @return false when it was there already */
    boolean add(long key, float probability, float backoff) {
        if (size + 1 > keys.length * FULLEST) {
            grow();
        }
        int at = place(key);
        if (keys[at] != 0) {
            return false;
        }
        put(at, key, probability, backoff);
        size++;
        return true;
    }

    private void put(int at, long key, float probability, float backoff) {
        keys[at] = used(key);
        probabilities[at] = probability;
        if (!longest) {
            backoffs[at] = backoff;
        }
    }

    private void grow() {
        var oldKeys = keys;
        var oldProbabilities = probabilities;
        var oldBackoffs = backoffs;
        allocate(placesFor(Math.max(size + 1L, Math.min(expected, 3L * size))));
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(place(oldKeys[i]), oldKeys[i], oldProbabilities[i], longest ? 0 : oldBackoffs[i]);
            }
        }
    }

    /** Zero marks a free place; the one n-gram in 2^64 that has this key shares the next one. */
    private static long used(long key) {
        return key == 0 ? 1 : key;
    }

    /** Where a key is or would be. */
    private int place(long key) {
        long h = (key ^ seed) * 0x9E3779B97F4A7C15L;
        h = (h ^ h >>> 32) * 0xD6E8FEB86659FD93L;
        int at = (int) Math.unsignedMultiplyHigh(h, keys.length);
        while (keys[at] != 0 && keys[at] != used(key)) {
            at = at + 1 == keys.length ? 0 : at + 1;
        }
        return at;
    }

    long find(long key) {
        int at = place(key);
        return keys[at] == 0 ? NGramTables.ABSENT : at;
    }

    float probability(long at) {
        return probabilities[(int) at];
    }

    float backoff(long at) {
        return backoffs[(int) at];
    }

    void setBackoff(long at, float value) {
        backoffs[(int) at] = value;
    }
}
