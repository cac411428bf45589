package konsil.eval.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import konsil.medgemma.MedGemma;
import konsil.medgemma.Runner;

/** Runs the decoder over all cases, with roundings of the reference one after the other until one fits. */
record TextRuns(MedGemma model, VerifySettings settings, Judge judge, VerifyListener listener) {
    /** What the decoder made of all cases. */
    record Run(Rounding rounding, List<CaseReport> cases, Optional<CosineBound> bound) {
        boolean fits() {
            return bound.map(CosineBound::met).orElse(true)
                    && cases.stream().allMatch(c -> c.firstOff().isEmpty());
        }

        /** Whether in exact mode all ids are the golden ones, too, and none is a near tie. */
        boolean sameIds() {
            return cases.stream()
                    .flatMap(c -> c.comparisons().stream())
                    .filter(c -> c.outcome() == Comparison.Outcome.PASSED)
                    .allMatch(c -> c.note().isEmpty());
        }

        /** In words, how far off it is. */
        String distance() {
            return bound.map(b -> "mean cosine %.6f".formatted(b.mean()))
                    .orElseGet(() -> "largest difference %.1e".formatted(largest()));
        }

        private double largest() {
            return cases.stream()
                    .flatMap(c -> c.comparisons().stream())
                    .flatMapToDouble(c -> c.difference().stream())
                    .max()
                    .orElse(0);
        }
    }

    /**
     * The first run that fits with all ids the same, else the first that fits; when none does, that of the model as it
     * is used.
     *
     * @param wanted the mean cosine to reach, if there is one
     * @param notes to which the choice is added when it is not the model as it is used
     */
    Run best(List<ReadyCase> cases, Optional<Double> wanted, List<String> notes) {
        var roundings = Rounding.all(model);
        var first = run(cases, roundings.getFirst(), wanted);
        if (first.fits() && first.sameIds()) {
            return first;
        }
        var best = first;
        for (var rounding : roundings.subList(1, roundings.size())) {
            var other = run(cases, rounding, wanted);
            if (other.fits() && (other.sameIds() || !best.fits())) {
                best = other;
                if (other.sameIds()) {
                    break;
                }
            }
        }
        if (!best.fits()) {
            notes.add("rotary angles or the factor of words rounded to bf16, or not, do not fit either");
        } else if (best != first) {
            notes.add("the golden values were computed with rotary angles %s and a factor of words %s (%s); the model as it is used, %s and %s: %s"
                    .formatted(
                            best.rounding.anglesText(),
                            best.rounding.factorText(),
                            best.distance(),
                            first.rounding.anglesText(),
                            first.rounding.factorText(),
                            first.distance()));
        }
        return best;
    }

    /** In exact mode, a run that is not the first ends at the first case that is off. */
    private Run run(List<ReadyCase> cases, Rounding rounding, Optional<Double> wanted) {
        var rounded = rounding.of(model);
        var reports = new ArrayList<CaseReport>();
        listener.begin("text, angles " + rounding.anglesText(), cases.size());
        boolean probing = settings.exact() && !rounding.equals(Rounding.all(model).getFirst());
        try (var runner = new Runner(rounded, settings.memoryLimit())) {
            var stages = new TextStages(rounded, runner, judge);
            for (var c : cases) {
                var report = new CaseReport(c.golden().name(), stages.compare(c));
                reports.add(report);
                listener.advance();
                if (probing && report.firstOff().isPresent()) {
                    break;
                }
            }
        }
        boolean any = reports.stream()
                .flatMap(r -> r.comparisons().stream())
                .anyMatch(c -> c.cosine().isPresent());
        var bound = wanted.filter(_ -> any).map(least -> CosineBound.over(reports, GemmaStages.LOGITS, least));
        return new Run(rounding, reports, bound);
    }
}
