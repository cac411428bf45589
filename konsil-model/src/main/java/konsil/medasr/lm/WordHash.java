package konsil.medasr.lm;

import java.nio.charset.StandardCharsets;

/**
 * Hashes of words and of sequences of words, as KenLM computes them: a word is MurmurHash64A of its UTF-8 bytes with
 * seed 0 (kpu/kenlm util/murmur_hash.cc), an n-gram combines the ids of its words, the newest first
 * (lm/search_hashed.hh).
 */
final class WordHash {
    /** Of the word that stands for all others; two spellings are in use. */
    static final long UNKNOWN = of("<unk>");

    static final long UNKNOWN_CAPITALS = of("<UNK>");

    private static final long MURMUR = 0xc6a4a7935bd1e995L;
    private static final long KEY_FACTOR = 0x7c9ba2733b63f585L;
    private static final long WORD_FACTOR = 0xf8574e1221634907L;

    private WordHash() {}

    static long of(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        return of(bytes, 0, bytes.length);
    }

    static long of(byte[] bytes, int from, int length) {
        long hash = length * MURMUR;
        int whole = length & ~7;
        for (int i = 0; i < whole; i += 8) {
            long k = littleEndian(bytes, from + i, 8) * MURMUR;
            hash = (hash ^ (k ^ k >>> 47) * MURMUR) * MURMUR;
        }
        if (length > whole) {
            hash = (hash ^ littleEndian(bytes, from + whole, length - whole)) * MURMUR;
        }
        hash = (hash ^ hash >>> 47) * MURMUR;
        return hash ^ hash >>> 47;
    }

    private static long littleEndian(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[from + i] & 0xFF;
        }
        return value;
    }

    /** The key of an n-gram out of the key without its oldest word; the key of one word is its id. */
    static long older(long key, int word) {
        return key * KEY_FACTOR ^ (1 + Integer.toUnsignedLong(word)) * WORD_FACTOR;
    }
}
