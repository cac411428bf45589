package konsil.eval.golden;

import java.util.List;

/**
 * How near a stage must be over all cases together, where single values need not be within a tolerance.
 *
 * @param stage judged
 * @param wanted the mean of the cases must be at least this
 * @param mean of the cases
 * @param least of the cases
 */
public record CosineBound(String stage, double wanted, double mean, double least) {
    static CosineBound over(List<CaseReport> cases, String stage, double wanted) {
        var all = cases.stream()
                .flatMap(c -> c.comparisons().stream())
                .filter(c -> c.stage().equals(stage))
                .flatMapToDouble(c -> c.cosine().stream())
                .summaryStatistics();
        return new CosineBound(stage, wanted, all.getAverage(), all.getMin());
    }

    /** Whether it is near enough; no cosine at all is not. */
    public boolean met() {
        return mean >= wanted;
    }
}
