package konsil.medasr.lm;

import java.nio.file.Path;

/** Where the n-grams of a model are: in memory, or in a mapped file. Word 0 stands for every unknown word. */
sealed interface NGramTables extends AutoCloseable permits HeapTables, ProbingTables, TrieTables {
    /** Marks a context that no longer n-gram starts with and whose back-off is 0: it can be forgotten. */
    float NO_EXTENSION = -0.0f;

    /** What {@link #find} returns for an n-gram that is not there. */
    long ABSENT = -1;

    static boolean extendsFurther(float backoff) {
        return Float.floatToRawIntBits(backoff) != Float.floatToRawIntBits(NO_EXTENSION);
    }

    /** The file it came from, for messages. */
    Path file();

    int order();

    /** The number of n-grams of a length, as the file says. */
    long count(int length);

    /** 0 for a word that is not there. */
    int wordId(long hash);

    /**
     * What an n-gram is known by when a word is put in front of it; a single word is known by its id.
     *
     * @param length with the word
     * @param node of the n-gram without it
     */
    long longer(int length, long node, int word);

    /** Where an n-gram is, or {@link #ABSENT}. @param node of {@link #longer} */
    long find(int length, long node);

    /** log10. */
    float probability(int length, long at);

    /** log10. @param length less than the order */
    float backoff(int length, long at);

    @Override
    void close();
}
