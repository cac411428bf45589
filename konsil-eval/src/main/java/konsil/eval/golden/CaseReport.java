package konsil.eval.golden;

import java.util.List;
import java.util.Optional;

/** What came of one case. @param comparisons in the order in which a model computes */
public record CaseReport(String name, List<Comparison> comparisons) {
    public CaseReport {
        comparisons = List.copyOf(comparisons);
    }

    /** The first stage that is off. */
    public Optional<Comparison> firstOff() {
        return comparisons.stream().filter(Comparison::off).findFirst();
    }
}
