package konsil.cli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import konsil.cli.Command;
import konsil.cli.EnvironmentException;
import konsil.cli.Exit;
import konsil.cli.Json;
import konsil.cli.Options;
import konsil.cli.Output;
import konsil.cli.Progress;
import konsil.kernel.KernelChoice;
import konsil.kernel.Limits;
import konsil.kernel.Workers;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil bench kernels}: how fast the kernels are, and how far from what this processor can do. */
public final class BenchCommand implements Command {
    private static final String CORES = "--cores";
    private static final int NAME_WIDTH = 32;

    @Override
    public CommandSpec spec() {
        return Options.verb(
                        "bench",
                        "Measures the kernels on this machine, beside the peak and the read rate measured in the same "
                                + "run. Takes some minutes; let nothing else run.",
                        "bench kernels",
                        "bench kernels --cores 1 --json")
                .addPositional(Options.argument(0, "WHAT", String.class, "What to measure: kernels."))
                .addOption(
                        Options.option(CORES, "N", Integer.class, "Only with this many cores, not with one and all."))
                .addOption(Options.json());
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        String what = arguments.matchedPositionalValue(0, "");
        if (what.equals(FirstResult.WORD)) {
            FirstResult.compute();
            output.out().println(FirstResult.WORD);
            return Exit.OK;
        }
        if (!what.equals("kernels")) {
            throw new BadInputException("bench: want kernels, got " + what);
        }
        var limits = Limits.here()
                .orElseThrow(() -> new EnvironmentException("bench kernels: limits are measured with AVX-512, VNNI and "
                        + "BF16, which this processor lacks; konsil doctor says more"));
        try (limits) {
            measure(cores(arguments), limits, output, arguments.hasMatchedOption(Options.JSON));
        }
        return Exit.OK;
    }

    private static List<Integer> cores(ParseResult arguments) {
        int all = Runtime.getRuntime().availableProcessors();
        int asked = arguments.matchedOptionValue(CORES, 0);
        if (asked < 0 || asked > all) {
            throw new BadInputException("%s: want 1 to %d, got %d".formatted(CORES, all, asked));
        }
        return asked > 0 ? List.of(asked) : all == 1 ? List.of(1) : List.of(1, all);
    }

    private static void measure(List<Integer> cores, Limits limits, Output output, boolean json) throws IOException {
        double first = FirstResult.seconds();
        var all = new ArrayList<Figure>();
        var runs = new ArrayList<List<Figure>>();
        int steps = KernelBench.figures() * cores.size();
        try (var progress = output.start("bench kernels", steps, Progress.Unit.STEPS)) {
            for (int count : cores) {
                try (var bench = new KernelBench(count, limits, _ -> progress.add(1))) {
                    runs.add(bench.run());
                    all.addAll(runs.getLast());
                }
            }
        }
        if (json) {
            Json.print(output.out(), json(all, runs, first));
        } else {
            print(output.out(), all, runs, first);
        }
    }

    private static String chosen() {
        try (var workers = new Workers(1)) {
            return KernelChoice.best(workers).describe();
        }
    }

    private static Map<String, Object> json(List<Figure> figures, List<List<Figure>> runs, double first) {
        var report = new LinkedHashMap<String, Object>();
        report.put("kernels", chosen());
        report.put("first_result_seconds", Math.round(first * 1000) / 1000.0);
        report.put("figures", figures.stream().map(Figure::json).toList());
        report.put("speedups", speedups(runs));
        return report;
    }

    /** How many times faster all cores are than one, by name. */
    private static Map<String, Double> speedups(List<List<Figure>> runs) {
        var speedups = new LinkedHashMap<String, Double>();
        for (int i = 0; runs.size() == 2 && i < runs.get(0).size(); i++) {
            double ratio = runs.get(1).get(i).value() / runs.get(0).get(i).value();
            speedups.put(runs.get(0).get(i).name(), Math.round(100 * ratio) / 100.0);
        }
        return speedups;
    }

    private static void print(PrintStream out, List<Figure> figures, List<List<Figure>> runs, double first) {
        out.println(chosen());
        out.printf(Locale.ROOT, "first result %.2f s after the start of the JVM (aim: below 0.70 s)%n%n", first);
        var speedups = speedups(runs);
        String name = "%-" + NAME_WIDTH + "s";
        for (var figure : figures) {
            String faster = figure.cores() > 1 && speedups.containsKey(figure.name())
                    ? String.format(Locale.ROOT, "  %.2f x one core", speedups.get(figure.name()))
                    : "";
            String share = figure.limit().isEmpty()
                    ? ""
                    : String.format(
                            Locale.ROOT,
                            "%5.1f %% of %s (aim %.0f, %s)",
                            figure.share(),
                            figure.limit(),
                            figure.target(),
                            figure.reached() ? "reached" : "not reached");
            out.printf(
                    Locale.ROOT,
                    name + " %d core%s %8.1f %-8s %s%s%n",
                    figure.name(),
                    figure.cores(),
                    figure.cores() == 1 ? " " : "s",
                    figure.value(),
                    figure.unit(),
                    share,
                    faster);
        }
    }
}
