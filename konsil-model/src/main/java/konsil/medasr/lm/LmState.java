package konsil.medasr.lm;

import java.util.Arrays;

/**
 * As much of what was said before as still matters to what follows: the last words, the newest first, each with the
 * log10 back-off of the n-gram that reaches back to it. Two equal states give equal probabilities for ever.
 */
public final class LmState {
    private final int[] words;
    private final float[] backoffs;

    LmState(int[] words, float[] backoffs) {
        this.words = words;
        this.backoffs = backoffs;
    }

    /** How many words it remembers. */
    public int length() {
        return words.length;
    }

    int word(int age) {
        return words[age];
    }

    float backoff(int age) {
        return backoffs[age];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LmState state && Arrays.equals(words, state.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return "LmState" + Arrays.toString(words);
    }
}
