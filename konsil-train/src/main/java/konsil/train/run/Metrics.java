package konsil.train.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;

/**
 * The figures of a run, one JSON object on each line of metrics.jsonl, with the step that it belongs to. No line tells
 * a time, so two runs with the same numbers have the same lines.
 */
public final class Metrics {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 16, 4, 1 << 12, 1000);
    private static final String STEP = "step";

    private final Path file;
    private final List<Map<String, Double>> lines = new ArrayList<>();

    private Metrics(Path file) {
        this.file = file;
    }

    /** A new file. */
    public static Metrics fresh(Path file) throws IOException {
        WholeFile.write(file, "");
        return new Metrics(file);
    }

    /** An old file, of which lines after a step are forgotten, and what a killed process left half written. */
    public static Metrics upTo(Path file, long step) throws IOException {
        var metrics = new Metrics(file);
        var kept = new StringBuilder();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            var figures = figures(line, file);
            if (!figures.isEmpty() && figures.getOrDefault(STEP, Double.MAX_VALUE) <= step) {
                metrics.lines.add(figures);
                kept.append(line).append('\n');
            }
        }
        WholeFile.write(file, kept.toString());
        return metrics;
    }

    /** None when the line is no object of numbers. */
    private static Map<String, Double> figures(String line, Path file) {
        var figures = new LinkedHashMap<String, Double>();
        try {
            if (Json.parse(line, file, LIMITS) instanceof Json.Obj(var fields)) {
                fields.forEach((name, value) -> {
                    switch (value) {
                        case Json.Whole(long number) -> figures.put(name, (double) number);
                        case Json.Real(double number) -> figures.put(name, number);
                        default -> {}
                    }
                });
            }
        } catch (BadFileException _) {
            figures.clear();
        }
        return figures;
    }

    /** Adds a line and has it on the disk's way before it returns. Figures that are no numbers are left out. */
    public void add(long step, Map<String, Double> figures) throws IOException {
        var fields = new LinkedHashMap<String, Json>();
        fields.put(STEP, new Json.Whole(step));
        var numbers = new LinkedHashMap<String, Double>();
        numbers.put(STEP, (double) step);
        figures.forEach((name, value) -> {
            if (Double.isFinite(value)) {
                fields.put(name, new Json.Real(value));
                numbers.put(name, value);
            }
        });
        lines.add(numbers);
        Files.writeString(file, new Json.Obj(fields).write() + "\n", StandardOpenOption.APPEND);
    }

    /** Steps and values of one figure, in order. */
    public List<double[]> curve(String name) {
        return lines.stream()
                .filter(line -> line.containsKey(name))
                .map(line -> new double[] {line.get(STEP), line.get(name)})
                .toList();
    }

    /** Names of all figures but the step, in the order in which they came up. */
    public List<String> names() {
        return lines.stream()
                .flatMap(line -> line.keySet().stream())
                .filter(name -> !name.equals(STEP))
                .distinct()
                .toList();
    }
}
