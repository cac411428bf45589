package konsil.cli.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import konsil.cli.Json;

/**
 * Measured figures, for people or as JSON.
 *
 * @param kernels what computed
 * @param notes what to know when reading the figures
 * @param firstResult seconds from the start of a JVM to its first product, if that was measured
 * @param runs the same figures on one core and, if there is a second run, on all
 */
record BenchReport(String kernels, List<String> notes, OptionalDouble firstResult, List<List<Figure>> runs) {
    private static final int NAME_WIDTH = 32;

    Map<String, Object> json() {
        var report = new LinkedHashMap<String, Object>();
        report.put("kernels", kernels);
        report.put("notes", notes);
        firstResult.ifPresent(seconds -> report.put("first_result_seconds", Math.round(seconds * 1000) / 1000.0));
        report.put(
                "figures", runs.stream().flatMap(List::stream).map(Figure::json).toList());
        report.put("speedups", speedups());
        return report;
    }

    /** How many times faster all cores are than one, by name. */
    private Map<String, Double> speedups() {
        var speedups = new LinkedHashMap<String, Double>();
        for (int i = 0; runs.size() == 2 && i < runs.get(0).size(); i++) {
            var one = runs.get(0).get(i);
            var all = runs.get(1).get(i);
            speedups.put(one.name(), Math.round(100 * all.times(one)) / 100.0);
        }
        return speedups;
    }

    void print(PrintStream out, boolean asJson) {
        if (asJson) {
            Json.print(out, json());
            return;
        }
        out.println(kernels);
        notes.forEach(out::println);
        firstResult.ifPresent(seconds -> out.printf(
                Locale.ROOT, "first result %.2f s after the start of the JVM (aim: below 0.70 s)%n", seconds));
        out.println();
        var speedups = speedups();
        for (var run : runs) {
            for (var figure : run) {
                out.println(line(figure, figure.cores() > 1 ? speedups.getOrDefault(figure.name(), 0.0) : 0));
            }
        }
    }

    private static String line(Figure figure, double speedup) {
        String name = figure.name()
                + " ".repeat(Math.max(1, NAME_WIDTH - figure.name().length()));
        String cores = figure.cores() + (figure.cores() == 1 ? " core  " : " cores ");
        String value = String.format(Locale.ROOT, "%9.2f %-8s", figure.value(), figure.unit());
        return (name + cores + value + figure.beside() + times(figure, speedup)).stripTrailing();
    }

    private static String times(Figure figure, double speedup) {
        if (speedup == 0) {
            return "";
        }
        String text = String.format(Locale.ROOT, "  %.2f x one core", speedup);
        double aim = Aims.PER_CORE * figure.cores();
        return figure.scales()
                ? String.format(Locale.ROOT, "%s (aim: %.1f, %sreached)", text, aim, speedup >= aim ? "" : "not ")
                : text;
    }
}
