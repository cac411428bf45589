package konsil.text;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Texts by number and numbers by text, while a tokenizer is being built. The hash is a polynomial, so that a text that
 * is two others joined, or a part of another, is found without being written out; its base is random, so that no file
 * can be made whose texts all collide.
 */
final class TextIndex {
    /** Characters of one text: a polynomial modulo 2^64 holds against chosen texts up to 2,047. */
    static final int MAX_LENGTH = 1024;

    /** Is told of a way to cut a text in two. */
    interface Split {
        /** @param left the text before the cut, or -1 if it is not in the index; @param right the one behind it */
        void at(int cut, int left, int right);
    }

    private static final long FREE = -1;

    private final long base = new SplittableRandom().nextLong() | 1;
    private final long[] powers = new long[MAX_LENGTH + 1];
    private char[] chars = new char[1 << 16];
    private int[] starts = new int[1 << 12];
    private long[] hashes = new long[1 << 12];
    /** Upper half of the hash, and the text's number: most look-ups end here. */
    private long[] slots = new long[1 << 13];

    private int size;

    TextIndex() {
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * base;
        }
        Arrays.fill(slots, FREE);
    }

    int size() {
        return size;
    }

    int length(int text) {
        return starts[text + 1] - starts[text];
    }

    String text(int text) {
        return new String(chars, starts[text], length(text));
    }

    /** Adds a text of at most {@link #MAX_LENGTH} characters under the next number. @return false if it is there */
    boolean add(char[] from, int offset, int length) {
        long hash = hash(from, offset, length);
        int slot = slot(hash, from, offset, length);
        if (slots[slot] != FREE) {
            return false;
        }
        int end = starts[size] + length;
        if (end > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(end, Math.multiplyExact(2, chars.length)));
        }
        if (size + 2 > starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
            hashes = Arrays.copyOf(hashes, 2 * hashes.length);
        }
        System.arraycopy(from, offset, chars, starts[size], length);
        starts[size + 1] = end;
        hashes[size] = hash;
        slots[slot] = hash & ~0xFFFFFFFFL | size++;
        if (2 * size > slots.length) {
            grow();
        }
        return true;
    }

    boolean add(String text) {
        return add(text.toCharArray(), 0, text.length());
    }

    /** The number of a text, or -1. */
    int find(char[] from, int offset, int length) {
        return length > MAX_LENGTH ? -1 : (int) slots[slot(hash(from, offset, length), from, offset, length)];
    }

    int find(String text) {
        return find(text.toCharArray(), 0, text.length());
    }

    /** The number of two texts joined, or -1. */
    int findJoined(int left, int right) {
        int leftLength = length(left);
        int rightLength = length(right);
        if (leftLength + rightLength > MAX_LENGTH) {
            return -1;
        }
        long hash = hashes[left] * powers[rightLength] + hashes[right];
        for (int at = place(hash); ; at = (at + 1) & (slots.length - 1)) {
            long slot = slots[at];
            int text = (int) slot;
            if (slot == FREE) {
                return -1;
            }
            if (slot >>> 32 == hash >>> 32
                    && length(text) == leftLength + rightLength
                    && same(text, 0, chars, starts[left], leftLength)
                    && same(text, leftLength, chars, starts[right], rightLength)) {
                return text;
            }
        }
    }

    /** Goes through all cuts of a text between two characters. */
    void split(int text, Split to) {
        int start = starts[text];
        int length = length(text);
        long left = 0;
        for (int cut = 1; cut < length; cut++) {
            left = left * base + term(chars[start + cut - 1]);
            if (!Character.isSurrogatePair(chars[start + cut - 1], chars[start + cut])) {
                long right = hashes[text] - left * powers[length - cut];
                int before = (int) slots[slot(left, chars, start, cut)];
                to.at(cut, before, (int) slots[slot(right, chars, start + cut, length - cut)]);
            }
        }
    }

    /** All texts, numbered anew. @param numbers a permutation: the new number of each */
    Vocabulary vocabulary(int[] numbers) {
        int[] order = new int[size];
        for (int text = 0; text < size; text++) {
            order[numbers[text]] = text;
        }
        char[] to = new char[starts[size]];
        int[] ends = new int[size + 1];
        for (int id = 0; id < size; id++) {
            int from = order[id];
            System.arraycopy(chars, starts[from], to, ends[id], length(from));
            ends[id + 1] = ends[id] + length(from);
        }
        return new Vocabulary(to, ends);
    }

    /** Where this text stands or would stand. */
    private int slot(long hash, char[] from, int offset, int length) {
        for (int at = place(hash); ; at = (at + 1) & (slots.length - 1)) {
            long slot = slots[at];
            if (slot == FREE) {
                return at;
            }
            int text = (int) slot;
            if (slot >>> 32 == hash >>> 32 && length(text) == length && same(text, 0, from, offset, length)) {
                return at;
            }
        }
    }

    private boolean same(int text, int skip, char[] from, int offset, int length) {
        int start = starts[text] + skip;
        for (int i = 0; i < length; i++) {
            if (chars[start + i] != from[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private long hash(char[] from, int offset, int length) {
        long hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * base + term(from[i]);
        }
        return hash;
    }

    /** Never zero, so that leading characters count. */
    private static long term(char c) {
        return c + 1L;
    }

    private int place(long hash) {
        long h = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
        return (int) (h >>> 32) & (slots.length - 1);
    }

    private void grow() {
        slots = new long[2 * slots.length];
        Arrays.fill(slots, FREE);
        for (int text = 0; text < size; text++) {
            int at = place(hashes[text]);
            while (slots[at] != FREE) {
                at = (at + 1) & (slots.length - 1);
            }
            slots[at] = hashes[text] & ~0xFFFFFFFFL | text;
        }
    }
}
