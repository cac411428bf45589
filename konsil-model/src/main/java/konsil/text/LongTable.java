package konsil.text;

import java.util.SplittableRandom;

/**
 * Numbers by number, side by side in one array. The place of a key depends on a random number, so that no file can be
 * made whose keys all fall on one place.
 */
final class LongTable {
    /** What {@link #get} returns for a key that is not there. */
    static final long ABSENT = -1;

    private static final long EMPTY = 0;

    private final long seed = new SplittableRandom().nextLong();
    private final long[] slots;
    private final int mask;

    /** @param most how many entries it will hold, at most 2^28 */
    LongTable(int most) {
        int places = Integer.highestOneBit(Math.max(2, most) - 1) << 2;
        slots = new long[Math.multiplyExact(2, places)];
        mask = places - 1;
    }

    /** Adds an entry or replaces it. @param key positive @param value not negative */
    void put(long key, long value) {
        int at = place(key);
        while (slots[2 * at] != EMPTY && slots[2 * at] != key) {
            at = at + 1 & mask;
        }
        slots[2 * at] = key;
        slots[2 * at + 1] = value;
    }

    long get(long key) {
        for (int at = place(key); ; at = at + 1 & mask) {
            long there = slots[2 * at];
            if (there == key) {
                return slots[2 * at + 1];
            }
            if (there == EMPTY) {
                return ABSENT;
            }
        }
    }

    /** Two rounds of xor, multiply and shift: every bit of the key reaches every bit of the place. */
    private int place(long key) {
        long h = (key ^ seed) * 0x9E3779B97F4A7C15L;
        h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
        return (int) (h >>> 32) & mask;
    }
}
