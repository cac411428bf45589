package konsil.medasr.lm;

import java.nio.file.Path;

/** A model in memory. */
final class HeapTables implements NGramTables {
    private final Path file;
    private final long[] counts;
    private final WordTable words = new WordTable();
    private final NGramTable[] longer;

    /** @param counts how many n-grams of length 1, 2, ... the file says there are */
    HeapTables(Path file, long[] counts) {
        this.file = file;
        this.counts = counts;
        longer = new NGramTable[counts.length - 1];
        for (int i = 0; i < longer.length; i++) {
            longer[i] = new NGramTable(counts[i + 1], i == longer.length - 1);
        }
    }

    WordTable words() {
        return words;
    }

    /**
     * Adds an n-gram and marks its context as one that goes on.
     *
     * @param ids the words, the oldest first
     * @return whether it is new and its context is there
     */
    Added add(int[] ids, int length, float probability, float backoff) {
        if (!longer[length - 2].add(key(ids, length), probability, backoff)) {
            return Added.TWICE;
        }
        return markContext(ids, length - 1) ? Added.NEW : Added.WITHOUT_CONTEXT;
    }

    /** What came of adding an n-gram. */
    enum Added {
        NEW,
        TWICE,
        WITHOUT_CONTEXT
    }

    private boolean markContext(int[] ids, int length) {
        if (length == 1) {
            words.set(ids[0], words.probability(ids[0]), marked(words.backoff(ids[0])));
            return true;
        }
        var table = longer[length - 2];
        long at = table.find(key(ids, length));
        if (at == ABSENT) {
            return false;
        }
        table.setBackoff(at, marked(table.backoff(at)));
        return true;
    }

    private static float marked(float backoff) {
        return NGramTables.extendsFurther(backoff) ? backoff : 0.0f;
    }

    private static long key(int[] ids, int length) {
        long key = Integer.toUnsignedLong(ids[length - 1]);
        for (int i = length - 2; i >= 0; i--) {
            key = WordHash.older(key, ids[i]);
        }
        return key;
    }

    @Override
    public Path file() {
        return file;
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
        return words.id(hash);
    }

    @Override
    public long longer(int length, long node, int word) {
        return WordHash.older(node, word);
    }

    @Override
    public long find(int length, long node) {
        return length == 1 ? node : longer[length - 2].find(node);
    }

    @Override
    public float probability(int length, long at) {
        return length == 1 ? words.probability((int) at) : longer[length - 2].probability(at);
    }

    @Override
    public float backoff(int length, long at) {
        return length == 1 ? words.backoff((int) at) : longer[length - 2].backoff(at);
    }

    @Override
    public void close() {
        // memory only
    }
}
