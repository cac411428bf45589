package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import konsil.cli.Command;
import konsil.cli.EnvironmentException;
import konsil.cli.Exit;
import konsil.cli.Options;
import konsil.cli.Output;
import konsil.cli.Progress;
import konsil.kernel.KernelChoice;
import konsil.kernel.Limits;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.kernel.code.Probe;
import konsil.tensor.BadInputException;
import konsil.tensor.file.ImportSettings;
import konsil.tensor.file.Importer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil bench}: how fast kernels and models run here, and how far from what this processor can do. */
public final class BenchCommand implements Command {
    private static final String CORES = "--cores";
    private static final String SHAPE = "--shape";
    private static final String QUANT = "--quant";
    private static final String CONTEXT = "--context";
    private static final String CACHE = "--cache";
    private static final String ONLY = "--only";
    private static final String CURVE = "--curve";
    private static final int LONG_CONTEXT = 8192;
    private static final int MOST_CONTEXT = 131_072;
    private static final long SEED = 20261121;

    @Override
    public CommandSpec spec() {
        return Options.verb(
                        "bench",
                        "Measures kernels, or a model of a published shape with made-up weights, beside the peak and "
                                + "the read rate measured in the same run. Takes some minutes; let nothing else run.",
                        "bench kernels",
                        "bench kernels --cores 1 --json",
                        "bench model --shape medgemma-1.5-4b --quant q8_0",
                        "bench model --only decode --cores 2",
                        "bench asr --quant q8_0",
                        "bench train --only pocket")
                .addPositional(
                        Options.argument(0, "WHAT", String.class, "What to measure: kernels, model, asr or train."))
                .addOption(
                        Options.option(CORES, "N", Integer.class, "Only with this many cores, not with one and all."))
                .addOption(Options.option(SHAPE, "NAME", String.class, "Shape: medgemma-1.5-4b, medasr-105m, tiny."))
                .addOption(Options.option(
                        QUANT,
                        "FORMAT",
                        String.class,
                        "Its matrices: f32, bf16 (asr's default), q8_0 (model's), q4_0."))
                .addOption(Options.option(
                        CONTEXT, "TOKENS", Integer.class, "Length of the long context before an answer; 8192."))
                .addOption(Options.option(
                        CACHE, "FORMAT", String.class, "Its keys and values: f32, bf16 (the default), q8_0."))
                .addOption(Options.option(
                        ONLY,
                        "PART",
                        String.class,
                        "Only this: prefill, decode, batch, image, follow-up, memory or curve."))
                .addOption(Options.flag(
                        CURVE, "Also prompts of 1024 tokens, 2048 and so on, up to four times the long context."))
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
        if (!List.of("kernels", "model", "asr", "train").contains(what)) {
            throw new BadInputException("bench: want kernels, model, asr or train, got " + what);
        }
        var limits = Limits.here()
                .orElseThrow(() -> new EnvironmentException("bench: limits are measured in machine code, which "
                        + "does not run here; konsil doctor says why"));
        try (limits) {
            var report =
                    switch (what) {
                        case "kernels" -> kernels(cores(arguments), limits, output);
                        case "asr" -> asr(arguments, limits, output);
                        case "train" -> train(arguments, limits, output);
                        default -> model(arguments, limits, output);
                    };
            report.print(output.out(), arguments.hasMatchedOption(Options.JSON));
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

    private static BenchReport kernels(List<Integer> cores, Limits limits, Output output) throws IOException {
        double first = FirstResult.seconds();
        var runs = new ArrayList<List<Figure>>();
        int steps = KernelBench.figures(limits) * cores.size();
        try (var progress = output.start("bench kernels", steps, Progress.Unit.STEPS)) {
            for (int count : cores) {
                try (var bench = new KernelBench(count, limits, _ -> progress.add(1))) {
                    runs.add(bench.run());
                }
            }
        }
        return new BenchReport(chosen(cores.getLast()), notes(limits), OptionalDouble.of(first), runs);
    }

    private static BenchReport asr(ParseResult arguments, Limits limits, Output output) throws IOException {
        var shape = AsrShape.named(arguments.matchedOptionValue(SHAPE, AsrShape.MEDASR));
        var format = format(QUANT, arguments.matchedOptionValue(QUANT, "bf16"));
        var cores = cores(arguments);
        var runs = new AsrBenchRun(shape, format, cores).run(limits, output);
        return new BenchReport(chosen(cores.getLast()), notes(limits), OptionalDouble.empty(), runs);
    }

    private static BenchReport train(ParseResult arguments, Limits limits, Output output) throws IOException {
        var cores = cores(arguments);
        var shape = ModelShape.named(arguments.matchedOptionValue(SHAPE, "medgemma-1.5-4b"));
        var runs = new TrainBenchRun(cores, shape, arguments.matchedOptionValue(ONLY, "")).run(limits, output);
        return new BenchReport(chosen(cores.getLast()), notes(limits), OptionalDouble.empty(), runs);
    }

    private static BenchReport model(ParseResult arguments, Limits limits, Output output) throws IOException {
        var shape = ModelShape.named(arguments.matchedOptionValue(SHAPE, "medgemma-1.5-4b"));
        var format = format(QUANT, arguments.matchedOptionValue(QUANT, "q8_0"));
        var cores = cores(arguments);
        Path folder = Files.createTempDirectory("konsil-bench");
        Path file = folder.resolve("model.konsil");
        var runs = new ArrayList<List<Figure>>();
        try {
            var plan = plan(arguments, shape, format, file);
            write(shape, format, file, output);
            long figures = (long) plan.figures() * cores.size();
            try (var progress = output.start("bench model", figures, Progress.Unit.STEPS)) {
                for (int count : cores) {
                    runs.add(run(count, plan, limits, progress));
                }
            }
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
        return new BenchReport(chosen(cores.getLast()), notes(limits), OptionalDouble.empty(), runs);
    }

    private static List<Figure> run(int cores, ModelBench.Plan plan, Limits limits, Progress progress)
            throws IOException {
        var figures = new ArrayList<Figure>();
        try (var bench = new ModelBench(cores, plan, limits, figure -> {
            figures.add(figure);
            progress.add(1);
        })) {
            bench.run(plan);
        }
        return figures;
    }

    private static ModelBench.Plan plan(ParseResult arguments, ModelShape shape, WeightFormat format, Path file) {
        int context = arguments.matchedOptionValue(CONTEXT, LONG_CONTEXT);
        if (context < 1 || context > MOST_CONTEXT) {
            throw new BadInputException("%s: want 1 to %d, got %d".formatted(CONTEXT, MOST_CONTEXT, context));
        }
        var cache = format(CACHE, arguments.matchedOptionValue(CACHE, "bf16"));
        if (cache == WeightFormat.Q4_0) {
            throw new BadInputException(CACHE + ": want f32, bf16 or q8_0, got q4_0");
        }
        var parts = arguments.hasMatchedOption(ONLY)
                ? EnumSet.of(ModelPart.named(arguments.matchedOptionValue(ONLY, "")))
                : EnumSet.copyOf(ModelPart.usual());
        if (arguments.hasMatchedOption(CURVE)) {
            parts.add(ModelPart.CURVE);
        }
        return new ModelBench.Plan(file, ModelWork.of(shape, format), parts, context, cache, shape.published());
    }

    private static List<String> notes(Limits limits) {
        return limits.probe(WeightFormat.BF16) == Probe.F32_PEAK
                ? List.of("this processor has no dot product of bf16: bf16 is widened and held against the f32 peak")
                : List.of();
    }

    private static WeightFormat format(String option, String name) {
        for (var format : WeightFormat.values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                return format;
            }
        }
        throw new BadInputException(option + ": want f32, bf16, q8_0 or q4_0, got " + name);
    }

    /** The vision tower stays in bf16, as its attention does. */
    static void write(ModelShape shape, WeightFormat format, Path file, Output output) throws IOException {
        var rules = List.of(
                ImportSettings.Rule.of("vision_tower.*", format == WeightFormat.F32 ? format : WeightFormat.BF16));
        try (var source = new RandomCheckpoint(shape, SEED);
                var progress = new PackingProgress(output)) {
            new Importer(source, new ImportSettings(format, rules), progress).run(file);
        }
    }

    private static String chosen(int cores) {
        try (var workers = new Workers(cores)) {
            return KernelChoice.best(workers).describe();
        }
    }
}
