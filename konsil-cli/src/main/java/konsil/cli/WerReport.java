package konsil.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import konsil.eval.wer.Counts;
import konsil.eval.wer.Interval;
import konsil.eval.wer.WordErrors;

/** What {@code konsil wer} prints for one normaliser. */
record WerReport(WordErrors errors, Optional<Interval> interval, int resamples, long seed) {
    private static final int COLUMNS = 100;

    void print(PrintStream out, boolean details) {
        Counts total = errors.total();
        out.printf(
                "Normaliser %s, %s:%n",
                errors.normaliser().label(), counted(errors.utterances().size(), "utterance"));
        out.printf("  WER  %s%s%n", percent(total.rate().orElse(0)), intervalText());
        out.printf("       %s%n", text(total));
        out.printf(
                "  CER  %s%n",
                errors.characterRate()
                        .map(WerReport::percent)
                        .orElse("not counted: an utterance has over 100,000 characters"));
        if (details) errors.utterances().forEach(one -> print(out, one));
    }

    private static void print(PrintStream out, WordErrors.Scored one) {
        Counts counts = one.words().counts();
        String rate = counts.rate().isPresent() ? percent(counts.rate().getAsDouble()) : "no rate";
        out.printf("%n  %s: %s, %s%n", one.id(), rate, text(counts));
        if (counts.errors() > 0) {
            for (String row : one.words().rows(COLUMNS)) out.println(("    " + row).stripTrailing());
        }
    }

    private String intervalText() {
        return interval.map(range -> "  (95 %% interval %s to %s; %s, seed %d)"
                        .formatted(percent(range.low()), percent(range.high()), counted(resamples, "resample"), seed))
                .orElse("  (no interval: it takes two utterances)");
    }

    private static String text(Counts counts) {
        return "S %d, D %d, I %d of %s"
                .formatted(
                        counts.substitutions(),
                        counts.deletions(),
                        counts.insertions(),
                        counted(counts.reference(), "word"));
    }

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String percent(double rate) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * rate);
    }

    Map<String, Object> json(boolean details) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("normaliser", errors.normaliser().label());
        fields.put("utterances", errors.utterances().size());
        addCounts(fields, errors.total());
        errors.characterRate().ifPresent(rate -> fields.put("cer", rate));
        interval.ifPresent(range -> fields.put("interval", range(range)));
        if (details) {
            fields.put(
                    "details", errors.utterances().stream().map(WerReport::json).toList());
        }
        return fields;
    }

    private Map<String, Object> range(Interval range) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("low", range.low());
        fields.put("high", range.high());
        fields.put("resamples", resamples);
        fields.put("seed", seed);
        return fields;
    }

    private static Map<String, Object> json(WordErrors.Scored one) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", one.id());
        addCounts(fields, one.words().counts());
        fields.put("reference", one.words().reference());
        fields.put("hypothesis", one.words().hypothesis());
        List<String> edits = one.words().edits().stream()
                .map(edit -> edit.name().toLowerCase(Locale.ROOT))
                .toList();
        fields.put("edits", edits);
        return fields;
    }

    private static void addCounts(Map<String, Object> fields, Counts counts) {
        counts.rate().ifPresent(rate -> fields.put("wer", rate));
        fields.put("substitutions", counts.substitutions());
        fields.put("deletions", counts.deletions());
        fields.put("insertions", counts.insertions());
        fields.put("hits", counts.hits());
        fields.put("words", counts.reference());
    }
}
