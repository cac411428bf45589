package konsil.medasr;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import konsil.tensor.BadInputException;

/**
 * Where a known sequence of tokens lies in the frames: the most likely path through the CTC trellis of 2 L + 1 states,
 * a blank before, between and after the tokens (Viterbi; Graves et al., ICML 2006, section 4.1). Takes time T times L
 * and memory for two rows of scores, one row of them for every {@value #STRIDE} frames, and the choices of {@value
 * #STRIDE} frames: the path is traced backwards, block by block, each computed a second time from its kept row.
 */
public final class CtcAlignment {
    private static final int STRIDE = 512;
    private static final int MOST_STATES = 1 << 22;
    /** Bytes of kept rows. */
    private static final long MOST_KEPT = 1L << 30;

    private final Emissions emissions;
    private final int[] tokens;
    private final int blank;
    private final int states;

    /**
     * The frames of one token, from the first in which the path is at it to the last.
     *
     * @param to the frame behind the last
     */
    public record Span(int token, int from, int to) {
        public int frames() {
            return to - from;
        }
    }

    private CtcAlignment(Emissions emissions, int[] tokens, int blank) {
        this.emissions = emissions;
        this.tokens = tokens;
        this.blank = blank;
        this.states = 2 * tokens.length + 1;
    }

    /**
     * The most likely frames of each token.
     *
     * @param tokens without blanks
     * @return one for each token, rising and without overlap
     * @throws BadInputException when no path leads through so few frames (a token needs one, and one more before it
     *     when it is the same as the one before), or there are too many for the memory that is kept
     */
    public static List<Span> align(Emissions emissions, int[] tokens, int blank) {
        check(emissions, tokens, blank);
        if (tokens.length == 0) {
            return List.of();
        }
        int needed = tokens.length
                + (int) IntStream.range(1, tokens.length)
                        .filter(i -> tokens[i] == tokens[i - 1])
                        .count();
        if (emissions.frames() < needed) {
            throw new BadInputException("%d tokens need at least %d frames of sound, there are %d"
                    .formatted(tokens.length, needed, emissions.frames()));
        }
        return new CtcAlignment(emissions, tokens.clone(), blank).spans();
    }

    private static void check(Emissions emissions, int[] tokens, int blank) {
        for (int token : tokens) {
            if (token < 0 || token >= emissions.tokens() || token == blank) {
                throw new BadInputException(
                        "token %d cannot be aligned: want one of %d, not the blank %d. Does the tokenizer belong to it?"
                                .formatted(token, emissions.tokens(), blank));
            }
        }
        long states = 2L * tokens.length + 1;
        long kept = (emissions.frames() / STRIDE + 1) * states * Double.BYTES;
        if (states > MOST_STATES || kept > MOST_KEPT) {
            throw new BadInputException("%d tokens over %d frames are too many to align at once; align parts of them"
                    .formatted(tokens.length, emissions.frames()));
        }
    }

    /**
     * The logarithm of the sum over all paths: minus the CTC loss of the sequence.
     *
     * @return negative infinity when there is no path
     */
    public static double logLikelihood(Emissions emissions, int[] tokens, int blank) {
        check(emissions, tokens, blank);
        var trellis = new CtcAlignment(emissions, tokens.clone(), blank);
        int states = trellis.states;
        double[] before = start(states);
        double[] now = new double[states];
        for (int frame = 0; frame < emissions.frames(); frame++) {
            for (int s = 0; s < states; s++) {
                double sum = before[s];
                sum = s >= 1 ? logSum(sum, before[s - 1]) : sum;
                sum = trellis.skips(s) ? logSum(sum, before[s - 2]) : sum;
                now[s] = sum + trellis.at(frame, s);
            }
            double[] swap = before;
            before = now;
            now = swap;
        }
        return states == 1 ? before[0] : logSum(before[states - 1], before[states - 2]);
    }

    private static double logSum(double a, double b) {
        double most = Math.max(a, b);
        return most == Double.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
    }

    /** Scores before the first frame: only the first blank has been reached, at no cost. */
    private static double[] start(int states) {
        double[] scores = new double[states];
        Arrays.fill(scores, 1, states, Double.NEGATIVE_INFINITY);
        return scores;
    }

    /** Whether a token may follow the one before without a blank between. */
    private boolean skips(int state) {
        return state >= 3 && state % 2 == 1 && tokens[state / 2] != tokens[state / 2 - 1];
    }

    private double at(int frame, int state) {
        return emissions.at(frame, state % 2 == 0 ? blank : tokens[state / 2]);
    }

    private List<Span> spans() {
        int frames = emissions.frames();
        double[][] kept = new double[(frames - 1) / STRIDE + 1][];
        double[] scores = start(states);
        byte[][] steps = new byte[STRIDE][states];
        for (int block = 0; block < kept.length; block++) {
            kept[block] = scores.clone();
            run(block, scores, steps);
        }
        int[] from = new int[tokens.length];
        int[] to = new int[tokens.length];
        int state = scores[states - 1] >= scores[states - 2] ? states - 1 : states - 2;
        for (int block = kept.length - 1; block >= 0; block--) {
            if (block < kept.length - 1) {
                run(block, kept[block].clone(), steps);
            }
            for (int frame = Math.min(frames, (block + 1) * STRIDE) - 1; frame >= block * STRIDE; frame--) {
                if (state % 2 == 1) {
                    int token = state / 2;
                    from[token] = frame;
                    to[token] = to[token] == 0 ? frame + 1 : to[token];
                }
                state -= steps[frame - block * STRIDE][state];
            }
        }
        return IntStream.range(0, tokens.length)
                .mapToObj(i -> new Span(tokens[i], from[i], to[i]))
                .toList();
    }

    /**
     * Goes over the frames of a block.
     *
     * @param scores those before it; those after it when this returns
     * @param steps is given how many states the best way came up in each frame
     */
    private void run(int block, double[] scores, byte[][] steps) {
        int first = block * STRIDE;
        int end = Math.min(emissions.frames(), first + STRIDE);
        for (int frame = first; frame < end; frame++) {
            byte[] step = steps[frame - first];
            // from above, so that scores of the frame before are still there below
            for (int s = states - 1; s >= 0; s--) {
                double best = scores[s];
                step[s] = 0;
                if (s >= 1 && scores[s - 1] > best) {
                    best = scores[s - 1];
                    step[s] = 1;
                }
                if (skips(s) && scores[s - 2] > best) {
                    best = scores[s - 2];
                    step[s] = 2;
                }
                scores[s] = best + at(frame, s);
            }
        }
    }
}
