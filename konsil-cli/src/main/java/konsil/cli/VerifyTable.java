package konsil.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedSet;
import konsil.eval.golden.CaseReport;
import konsil.eval.golden.Comparison;
import konsil.eval.golden.CosineBound;
import konsil.eval.golden.GoldenReport;
import konsil.eval.golden.VerifySettings;

/** A {@link GoldenReport} for people, as a table of cases and stages, and for programs. Knows no model. */
record VerifyTable(VerifySettings settings) {
    void print(GoldenReport report, String kernels, PrintStream out) {
        out.println("%-17s %s".formatted("model", settings.model()));
        out.println("%-17s %s".formatted("kernels", kernels));
        report.facts().forEach((name, value) -> out.println("%-17s %s".formatted(name.replace('_', ' '), value)));
        out.println();
        table(report.cases()).forEach(out::println);
        out.println();
        for (var c : report.cases()) {
            for (var comparison : c.comparisons()) {
                boolean tells = comparison.outcome() != Comparison.Outcome.SKIPPED
                        && !comparison.note().isEmpty();
                if (tells) out.println("%s, %s: %s".formatted(c.name(), comparison.stage(), comparison.note()));
            }
        }
        skipped(report.cases()).forEach(out::println);
        report.notes().forEach(note -> out.println("note: " + note));
        report.bounds().forEach(bound -> out.println(text(bound)));
        out.println(verdict(report));
    }

    private static String verdict(GoldenReport report) {
        return report.firstOff()
                .map(off -> "DIFFERS. First stage that is off: " + off)
                .orElse("passed");
    }

    private static String text(CosineBound bound) {
        return String.format(
                Locale.ROOT,
                "%s: mean cosine %.6f, least %.6f; want a mean of at least %s: %s",
                bound.stage(),
                bound.mean(),
                bound.least(),
                bound.wanted(),
                bound.met() ? "met" : "NOT MET");
    }

    /** Right-aligned columns, as wide as they must be. */
    private static List<String> table(List<CaseReport> cases) {
        var stages = stages(cases);
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<>(List.of("case"));
        head.addAll(stages);
        rows.add(head);
        for (var c : cases) {
            var row = new ArrayList<>(List.of(c.name()));
            for (String stage : stages) {
                row.add(c.comparisons().stream()
                        .filter(comparison -> comparison.stage().equals(stage))
                        .map(VerifyTable::cell)
                        .findFirst()
                        .orElse("-"));
            }
            rows.add(row);
        }
        int[] widths = new int[head.size()];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(widths[i], row.get(i).length());
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static SequencedSet<String> stages(List<CaseReport> cases) {
        var stages = new LinkedHashSet<String>();
        cases.stream()
                .sorted((a, b) -> b.comparisons().size() - a.comparisons().size())
                .forEach(c -> c.comparisons().forEach(comparison -> stages.add(comparison.stage())));
        stages.removeIf(stage -> cases.stream()
                .flatMap(c -> c.comparisons().stream())
                .filter(comparison -> comparison.stage().equals(stage))
                .allMatch(comparison -> comparison.outcome() == Comparison.Outcome.SKIPPED));
        return stages;
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder(("%-" + widths[0] + "s").formatted(row.getFirst()));
        for (int i = 1; i < widths.length; i++) line.append(("  %" + widths[i] + "s").formatted(row.get(i)));
        return line.toString();
    }

    private static String cell(Comparison comparison) {
        if (comparison.outcome() == Comparison.Outcome.SKIPPED) return "-";
        double difference = comparison.difference().orElse(0);
        String text = difference == 0 ? "same" : String.format(Locale.ROOT, "%.1e", difference);
        String cosine = comparison.outcome() == Comparison.Outcome.SHOWN
                        && comparison.cosine().isPresent()
                ? String.format(Locale.ROOT, " cos %.6f", comparison.cosine().getAsDouble())
                : "";
        return text + cosine + (comparison.outcome() == Comparison.Outcome.OFF ? " OFF" : "");
    }

    /** One line for each reason: which stages of which cases were not compared. */
    private static List<String> skipped(List<CaseReport> cases) {
        var byReason = new LinkedHashMap<String, SequencedSet<String>>();
        for (var c : cases) {
            var reasons = new LinkedHashMap<String, List<String>>();
            for (var comparison : c.comparisons()) {
                if (comparison.outcome() == Comparison.Outcome.SKIPPED) {
                    reasons.computeIfAbsent(comparison.note(), _ -> new ArrayList<>())
                            .add(comparison.stage());
                }
            }
            reasons.forEach((reason, stages) -> byReason.computeIfAbsent(
                            "- %s: %s".formatted(reason, String.join(", ", stages)), _ -> new LinkedHashSet<>())
                    .add(c.name()));
        }
        return byReason.entrySet().stream()
                .map(entry -> "%s (%s)".formatted(entry.getKey(), String.join(", ", entry.getValue())))
                .toList();
    }

    Map<String, Object> asJson(GoldenReport report, String kernels) {
        var json = new LinkedHashMap<String, Object>();
        json.put("model", settings.model().toString());
        json.put("kernels", kernels);
        json.putAll(report.facts());
        json.put("tolerance", VerifySettings.TOLERANCE);
        json.put("passed", report.passed());
        report.firstOff().ifPresent(off -> json.put("first_off", off));
        json.put("cases", report.cases().stream().map(VerifyTable::json).toList());
        json.put("bounds", report.bounds().stream().map(VerifyTable::json).toList());
        json.put("notes", report.notes());
        return json;
    }

    private static Map<String, Object> json(CaseReport c) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", c.name());
        json.put("stages", c.comparisons().stream().map(VerifyTable::json).toList());
        return json;
    }

    /** A difference without a bound is left out: JSON has no infinity. */
    private static Map<String, Object> json(Comparison comparison) {
        var json = new LinkedHashMap<String, Object>();
        json.put("stage", comparison.stage());
        json.put("outcome", comparison.outcome().name().toLowerCase(Locale.ROOT));
        comparison.difference().stream().filter(Double::isFinite).forEach(d -> json.put("difference", d));
        comparison.cosine().stream().forEach(c -> json.put("cosine", c));
        if (!comparison.note().isEmpty()) json.put("note", comparison.note());
        return json;
    }

    private static Map<String, Object> json(CosineBound bound) {
        var json = new LinkedHashMap<String, Object>();
        json.put("stage", bound.stage());
        json.put("wanted", bound.wanted());
        json.put("mean", bound.mean());
        json.put("least", bound.least());
        json.put("met", bound.met());
        return json;
    }
}
