package konsil.train.grpo;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import konsil.tensor.TapeOps;
import konsil.tensor.Tensor;
import konsil.train.CrossEntropy;
import konsil.train.Gradients;
import konsil.train.gemma.Example;
import konsil.train.gemma.Lane;
import konsil.train.gemma.Network;

/**
 * Logarithms of the probabilities of an answer's tokens at a temperature, and the way back from them. Tokens that are
 * never said have none.
 */
final class AnswerProbabilities {
    private static final int ROWS_AT_ONCE = 64;

    private final float temperature;
    private final int known;
    private final int never;

    /**
     * @param known tokens of the vocabulary; rows of the output beyond it are never said
     * @param never one more that is never said; negative for none
     */
    AnswerProbabilities(float temperature, int known, int never) {
        this.temperature = temperature;
        this.known = known;
        this.never = never;
    }

    /** Rows of an example after which a token of the answer comes. */
    static int[] rows(Example example) {
        return IntStream.range(0, example.labels().length)
                .filter(row -> example.labels()[row] != CrossEntropy.IGNORED)
                .toArray();
    }

    /** Says what a logarithm's gradient is. */
    @FunctionalInterface
    interface Slope {
        /** @param token counted from 0 within the answer */
        double at(int token, double logProbability);
    }

    /** The logarithms alone. @param hidden (tokens, hiddenSize) */
    double[] of(Lane lane, Network network, Tensor hidden, Example example) {
        int[] rows = rows(example);
        var logs = new double[rows.length];
        for (int from = 0; from < rows.length; from += ROWS_AT_ONCE) {
            int[] some = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + ROWS_AT_ONCE));
            try (var _ = lane.engine().workspace().mark()) {
                var ops = lane.engine().ops();
                float[] logits =
                        network.text().logits(ops, ops.selectRows(hidden, some)).toArray();
                int width = logits.length / some.length;
                int first = from;
                lane.engine().workers().run(some.length, i -> {
                    double sum = prepared(logits, i * width, width);
                    logs[first + i] = logits[i * width + example.labels()[some[i]]] - sum;
                });
            }
        }
        return logs;
    }

    /** Seeds the gradients of an answer's logarithms. @return the logarithms */
    double[] back(Lane lane, Network network, Tensor hidden, Example example, Slope slope, Gradients gradients) {
        int[] rows = rows(example);
        var logs = new double[rows.length];
        Set<Tensor> tracked = new HashSet<>(lane.trained());
        tracked.add(hidden);
        for (int from = 0; from < rows.length; from += ROWS_AT_ONCE) {
            int[] some = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + ROWS_AT_ONCE));
            var tape = new TapeOps(lane.engine().ops(), tracked);
            Tensor logits = network.text().logits(tape, tape.selectRows(hidden, some));
            float[] values = logits.toArray();
            int width = logits.dim(1);
            int first = from;
            lane.engine().workers().run(some.length, i -> {
                int label = example.labels()[some[i]];
                double sum = prepared(values, i * width, width);
                logs[first + i] = values[i * width + label] - sum;
                turn(values, i * width, width, sum, slope.at(first + i, logs[first + i]) / temperature);
                values[i * width + label] += (float) (slope.at(first + i, logs[first + i]) / temperature);
            });
            Tensor gradient = lane.engine().workspace().tensor(logits.shape());
            gradient.copyFrom(values);
            gradients.seed(logits, gradient);
            gradients.walk(tape);
        }
        return logs;
    }

    /** Divides by the temperature and takes out what is never said. @return the logarithm of the sum of exponentials */
    private double prepared(float[] logits, int from, int width) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < width; i++) {
            boolean said = i < known && i != never;
            logits[from + i] = said ? logits[from + i] / temperature : Float.NEGATIVE_INFINITY;
            largest = Math.max(largest, logits[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += Math.exp(logits[from + i] - largest);
        }
        return largest + Math.log(sum);
    }

    /** A logarithm's gradient with regard to the logits is 1 for its token less the probability of each. */
    private static void turn(float[] logits, int from, int width, double sum, double slope) {
        for (int i = 0; i < width; i++) {
            logits[from + i] = (float) (-slope * Math.exp(logits[from + i] - sum));
        }
    }
}
