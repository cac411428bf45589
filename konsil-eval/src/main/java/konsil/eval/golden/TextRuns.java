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
            return bound.map(CosineBound::met).orElse(true) && off() == 0;
        }

        private long off() {
            return cases.stream()
                    .flatMap(c -> c.comparisons().stream())
                    .filter(Comparison::off)
                    .count();
        }

        /** How much speaks against it: every stage that is off, the bound, and ids that are near ties at best. */
        private long misfit() {
            boolean sameIds = cases.stream()
                    .flatMap(c -> c.comparisons().stream())
                    .filter(c -> c.outcome() == Comparison.Outcome.PASSED)
                    .allMatch(c -> c.note().isEmpty());
            return 2 * off() + (bound.map(CosineBound::met).orElse(true) ? 0 : 2) + (sameIds ? 0 : 1);
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
     * The run that fits best. The model as it is used comes first, and a later run must be better to take its place; the
     * first without any misfit is the last to be tried.
     *
     * @param wanted the mean cosine to reach, if there is one
     * @param notes to which the choice is added when it is not the model as it is used
     */
    Run best(List<ReadyCase> cases, Optional<Double> wanted, List<String> notes) {
        var roundings = Rounding.all(model);
        var first = run(cases, roundings.getFirst(), wanted);
        var best = first;
        for (int i = 1; i < roundings.size() && best.misfit() > 0; i++) {
            var other = run(cases, roundings.get(i), wanted);
            best = other.misfit() < best.misfit() ? other : best;
        }
        if (best.misfit() < first.misfit()) {
            notes.add(
                    "rotary angles %s and factor of words %s come nearest (%s); the model as it is used, %s and %s: %s"
                            .formatted(
                                    best.rounding.anglesText(),
                                    best.rounding.factorText(),
                                    best.distance(),
                                    first.rounding.anglesText(),
                                    first.rounding.factorText(),
                                    first.distance()));
        }
        if (!best.fits()) {
            notes.add("rotary angles or the factor of words rounded to bf16, or not, make none fit");
        }
        return best;
    }

    private Run run(List<ReadyCase> cases, Rounding rounding, Optional<Double> wanted) {
        var rounded = rounding.of(model);
        var reports = new ArrayList<CaseReport>();
        listener.begin("text, angles " + rounding.anglesText(), cases.size());
        try (var runner = new Runner(rounded, settings.memoryLimit())) {
            var stages = new TextStages(rounded, runner, judge);
            for (var c : cases) {
                reports.add(new CaseReport(c.golden().name(), stages.compare(c)));
                listener.advance();
            }
        }
        boolean any = reports.stream().flatMap(r -> r.comparisons().stream()).anyMatch(c -> c.cosine()
                .isPresent());
        var bound = wanted.filter(_ -> any).map(least -> CosineBound.over(reports, GemmaStages.LOGITS, least));
        return new Run(rounding, reports, bound);
    }
}
