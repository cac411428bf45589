package konsil.eval.golden;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What came of holding a model against a golden directory.
 *
 * @param facts what was compared and how, by name
 * @param bounds that hold over all cases
 * @param notes what a reader should know besides
 */
public record GoldenReport(
        SequencedMap<String, String> facts, List<CaseReport> cases, List<CosineBound> bounds, List<String> notes) {
    public GoldenReport {
        cases = List.copyOf(cases);
        bounds = List.copyOf(bounds);
        notes = List.copyOf(notes);
    }

    /** Whether every stage and every bound holds. */
    public boolean passed() {
        return firstOff().isEmpty();
    }

    /**
     * Where it goes wrong first, in one line: the earliest stage that is off in any case, since later ones depend on
     * it; else the first bound that is not met.
     */
    public Optional<String> firstOff() {
        var stages = cases.stream()
                .flatMap(c -> c.comparisons().stream())
                .map(Comparison::stage)
                .distinct()
                .toList();
        for (String stage : stages) {
            for (var c : cases) {
                for (var comparison : c.comparisons()) {
                    if (comparison.off() && comparison.stage().equals(stage)) {
                        return Optional.of(line(c.name(), comparison));
                    }
                }
            }
        }
        return bounds.stream()
                .filter(bound -> !bound.met())
                .map(bound ->
                        "%s: mean cosine %.6f, want at least %s".formatted(bound.stage(), bound.mean(), bound.wanted()))
                .findFirst();
    }

    private static String line(String name, Comparison off) {
        String difference = off.difference().isPresent()
                ? ", difference %.1e".formatted(off.difference().getAsDouble())
                : "";
        String note = off.note().isEmpty() ? "" : ", " + off.note();
        return "%s of case %s%s%s".formatted(off.stage(), name, difference, note);
    }
}
