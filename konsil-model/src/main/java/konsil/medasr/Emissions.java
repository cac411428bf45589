package konsil.medasr;

import java.util.Arrays;

/**
 * What the network says about every frame of 40 ms: for each token the natural logarithm of its probability, blank
 * included (Graves et al., ICML 2006, call the distributions of a frame its emissions).
 *
 * @param frames how many frames
 * @param tokens how many tokens a frame tells apart
 * @param logProbabilities (frames, tokens), row-major; not to be changed
 */
public record Emissions(int frames, int tokens, float[] logProbabilities) {
    public Emissions {
        if (frames < 0 || tokens < 1 || logProbabilities.length != Math.multiplyExact(frames, tokens)) {
            throw new IllegalArgumentException(
                    "emissions: want %d x %d values, got %d".formatted(frames, tokens, logProbabilities.length));
        }
    }

    /** The value for a token in a frame. */
    public float at(int frame, int token) {
        return logProbabilities[frame * tokens + token];
    }

    /** The frames from one up to, not including, another. */
    public Emissions slice(int from, int to) {
        return new Emissions(to - from, tokens, Arrays.copyOfRange(logProbabilities, from * tokens, to * tokens));
    }

    /** The most likely token of a frame, the first among equals. */
    public int best(int frame) {
        int best = 0;
        for (int token = 1; token < tokens; token++) {
            best = at(frame, token) > at(frame, best) ? token : best;
        }
        return best;
    }
}
