package konsil.medgemma.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Chooses tokens from logits. One sampler serves one answer: it remembers what was said and where its seed stands. */
public final class Sampler {
    private final SamplingSettings settings;
    private final TokenConstraint constraint;
    private final int alternatives;
    private final SplittableRandom random;
    private final BitSet said = new BitSet();

    /** @param alternatives how many of the most likely tokens are reported with each choice */
    public Sampler(SamplingSettings settings, TokenConstraint constraint, int alternatives) {
        this.settings = settings;
        this.constraint = constraint;
        this.alternatives = alternatives;
        random = new SplittableRandom(settings.seed());
    }

    /** Tokens that count as said for the repetition penalty: those of the prompt. */
    public void said(int[] tokens) {
        for (int token : tokens) {
            said.set(token);
        }
    }

    /**
     * The next token.
     *
     * @param logits one for each token; changed on the way
     * @throws IllegalStateException when the constraint lets nothing through
     */
    public Choice choose(float[] logits) {
        double total = logSum(logits);
        List<Choice.Alternative> likely = mostLikely(logits, alternatives, total);
        float[] unchanged = logits.clone();
        constraint.restrict(logits);
        penalise(logits);
        int token = settings.greedy() ? largest(logits) : draw(logits);
        if (logits[token] == Float.NEGATIVE_INFINITY) {
            throw new IllegalStateException("the constraint lets no token through");
        }
        constraint.accept(token);
        said.set(token);
        return new Choice(token, (float) (unchanged[token] - total), likely);
    }

    private void penalise(float[] logits) {
        float penalty = settings.repetitionPenalty();
        if (penalty != 1) {
            said.stream().forEach(token -> logits[token] *= logits[token] < 0 ? penalty : 1 / penalty);
        }
    }

    /** The first of the largest, as torch.argmax. */
    static int largest(float[] logits) {
        int best = 0;
        for (int token = 1; token < logits.length; token++) {
            if (logits[token] > logits[best]) {
                best = token;
            }
        }
        return best;
    }

    private static double logSum(float[] logits) {
        float largest = logits[largest(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    private static List<Choice.Alternative> mostLikely(float[] logits, int count, double total) {
        var likely = new ArrayList<Choice.Alternative>();
        for (int token : descending(logits, count)) {
            likely.add(new Choice.Alternative(token, (float) (logits[token] - total)));
        }
        return likely;
    }

    /** The {@code count} tokens with the largest logits, largest first, the lower number first among equals. */
    private static List<Integer> descending(float[] logits, int count) {
        Comparator<Integer> worstFirst =
                Comparator.<Integer>comparingDouble(token -> logits[token]).thenComparing(Comparator.reverseOrder());
        var best = new PriorityQueue<>(worstFirst);
        for (int token = 0; token < logits.length && count > 0; token++) {
            if (best.size() < count) {
                best.add(token);
            } else if (logits[token] > logits[best.element()]) {
                best.remove();
                best.add(token);
            }
        }
        var sorted = new ArrayList<>(best);
        sorted.sort(worstFirst.reversed());
        return sorted;
    }

    private int draw(float[] logits) {
        int keep = settings.topK() == 0 ? logits.length : Math.min(settings.topK(), logits.length);
        int[] tokens = keep < logits.length
                ? descending(logits, keep).stream().mapToInt(Integer::intValue).toArray()
                : allDescending(logits);
        var weights = new double[tokens.length];
        double sum = 0;
        for (int i = 0; i < tokens.length; i++) {
            weights[i] = Math.exp((logits[tokens[i]] - logits[tokens[0]]) / (double) settings.temperature());
            sum += weights[i];
        }
        return tokens[pick(weights, cut(weights, sum))];
    }

    private static int[] allDescending(float[] logits) {
        var keys = new long[logits.length];
        for (int token = 0; token < logits.length; token++) {
            int bits = Float.floatToRawIntBits(logits[token]);
            int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE); // compares as the float does
            keys[token] = (long) ~ordered << 32 | token;
        }
        Arrays.sort(keys);
        var tokens = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            tokens[i] = (int) keys[i];
        }
        return tokens;
    }

    /** How many of the weights, largest first, top-p and min-p leave. */
    private int cut(double[] weights, double sum) {
        int count = weights.length;
        double before = 0;
        for (int i = 0; i < count; i++) {
            boolean enough = i > 0 && before >= settings.topP() * sum;
            boolean unlikely = i > 0 && weights[i] < settings.minP() * weights[0];
            if (enough || unlikely) {
                return i;
            }
            before += weights[i];
        }
        return count;
    }

    private int pick(double[] weights, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
        }
        double rest = random.nextDouble() * sum;
        for (int i = 0; i < count; i++) {
            rest -= weights[i];
            if (rest < 0) {
                return i;
            }
        }
        return count - 1;
    }
}
