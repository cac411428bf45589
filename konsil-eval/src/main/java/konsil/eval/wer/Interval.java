package konsil.eval.wer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import konsil.tensor.BadInputException;

/**
 * Where the pooled rate lies in 95 % of resamples.
 *
 * @param low 2.5th percentile
 * @param high 97.5th percentile
 */
public record Interval(double low, double high) {
    private static final double TAIL = 0.025;
    private static final int MOST_RESAMPLES = 100_000;

    /**
     * Percentile bootstrap over utterances: each resample draws as many utterances as there are, with replacement, and
     * pools them (Bisani and Ney 2004, ICASSP, doi 10.1109/ICASSP.2004.1326009).
     *
     * @param resamples 1 to 100,000
     * @return none for fewer than two utterances, or if no resample has a reference word
     * @throws BadInputException for another number of resamples
     */
    public static Optional<Interval> bootstrap(List<Counts> utterances, int resamples, long seed) {
        if (resamples < 1 || resamples > MOST_RESAMPLES) {
            throw new BadInputException("resamples: want 1 to %d, got %d".formatted(MOST_RESAMPLES, resamples));
        }
        if (utterances.size() < 2) return Optional.empty();
        var random = new SplittableRandom(seed);
        double[] rates = new double[resamples];
        int known = 0;
        for (int n = 0; n < resamples; n++) {
            long errors = 0;
            long words = 0;
            for (int i = 0; i < utterances.size(); i++) {
                Counts drawn = utterances.get(random.nextInt(utterances.size()));
                errors += drawn.errors();
                words += drawn.reference();
            }
            if (words > 0) rates[known++] = (double) errors / words;
        }
        if (known == 0) return Optional.empty();
        double[] sorted = Arrays.copyOf(rates, known);
        Arrays.sort(sorted);
        return Optional.of(new Interval(percentile(sorted, TAIL), percentile(sorted, 1 - TAIL)));
    }

    private static double percentile(double[] sorted, double part) {
        double at = part * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
