package konsil.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import konsil.eval.golden.GemmaGolden;
import konsil.eval.golden.GemmaVerifier;
import konsil.eval.golden.GoldenLayout;
import konsil.eval.golden.GoldenReport;
import konsil.eval.golden.LasrGolden;
import konsil.eval.golden.LasrVerifier;
import konsil.eval.golden.LoraGolden;
import konsil.eval.golden.LoraVerifier;
import konsil.eval.golden.VerifyListener;
import konsil.eval.golden.VerifySettings;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medgemma.WorkingFormat;
import konsil.tensor.BadInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil verify}: does a model compute, here, what its reference implementation computed? */
final class VerifyCommand implements Command {
    private static final String MODEL = "--model";
    private static final String GOLDEN = "--golden";
    private static final String MMPROJ = "--mmproj";
    private static final String QUANT = "--quant";
    private static final long MEMORY_LIMIT = 16L << 30;

    @Override
    public CommandSpec spec() {
        return Options.verb(
                        "verify",
                        "Holds a model against what its reference implementation computed for it, stage by stage, and "
                                + "names the first stage that is off.",
                        "verify --model golden/gemma3-a --golden golden/gemma3-a",
                        "verify --model text-Q8_0.gguf --mmproj mmproj-F16.gguf --golden golden/gguf-a --quant stored",
                        "verify --model golden/lasr-a --golden golden/lasr-a",
                        "verify --model golden/gemma3-a --golden golden/lora-a",
                        "verify --model ~/medgemma-1.5-4b-it --golden golden-4b --json")
                .addOption(required(MODEL, "MODEL", "Folder of a model, packed file or GGUF file."))
                .addOption(required(GOLDEN, "DIR", "Golden directory: cases.json and the values of its cases."))
                .addOption(Options.option(MMPROJ, "FILE", Path.class, "The image part of a GGUF model."))
                .addOption(Options.option(
                        QUANT,
                        "FORMAT",
                        String.class,
                        "exact (f32, the default): every value within 2e-3 of the largest; stored, bf16, q8_0 or "
                                + "q4_0: as in use, the mean cosine of the logits must reach a bound."))
                .addOption(Options.json());
    }

    private static OptionSpec required(String name, String label, String summary) {
        return Options.option(name, label, Path.class, summary).toBuilder()
                .required(true)
                .build();
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        var settings = new VerifySettings(
                arguments.matchedOptionValue(MODEL, Path.of("")),
                Optional.ofNullable(arguments.matchedOptionValue(MMPROJ, null)),
                format(arguments.matchedOptionValue(QUANT, "exact")),
                MEMORY_LIMIT);
        requireThere(settings.model());
        var table = new VerifyTable(settings);
        try (var layout = GoldenLayout.open(arguments.matchedOptionValue(GOLDEN, Path.of("")));
                var workers = new Workers(Runtime.getRuntime().availableProcessors());
                var bars = new Bars(output)) {
            var kernels = KernelChoice.best(workers);
            var report =
                    switch (layout) {
                        case GemmaGolden golden ->
                            new GemmaVerifier(golden, settings, bars)
                                    .run(new GemmaVerifier.Engine(kernels.kernels(), workers));
                        case LasrGolden golden ->
                            new LasrVerifier(golden, settings, bars).run(kernels.kernels(), workers);
                        case LoraGolden golden ->
                            new LoraVerifier(golden, settings, bars)
                                    .run(new GemmaVerifier.Engine(kernels.kernels(), workers));
                    };
            bars.end();
            print(table, report, kernels, arguments.hasMatchedOption(Options.JSON), output);
            return report.passed() ? Exit.OK : Exit.NEGATIVE;
        }
    }

    private static void print(
            VerifyTable table, GoldenReport report, KernelChoice kernels, boolean json, Output output) {
        if (json) {
            Json.print(output.out(), table.asJson(report, kernels.describe()));
        } else {
            table.print(report, kernels.describe(), output.out());
        }
    }

    private static void requireThere(Path model) {
        if (!Files.exists(model)) {
            throw new BadInputException("%s: there is no such file or folder".formatted(model));
        }
    }

    private static WorkingFormat format(String name) {
        for (var format : WorkingFormat.values()) {
            if (format.name().equalsIgnoreCase(name)) return format;
        }
        throw new BadInputException(
                "%s %s: want exact, stored, bf16, q8_0 or q4_0".formatted(QUANT, name.toLowerCase(Locale.ROOT)));
    }

    /** One progress display after the other. */
    private static final class Bars implements VerifyListener, AutoCloseable {
        private final Output output;
        private Optional<Progress> bar = Optional.empty();

        Bars(Output output) {
            this.output = output;
        }

        @Override
        public void begin(String label, int steps) {
            end();
            bar = Optional.of(output.start(label, steps, Progress.Unit.STEPS));
        }

        @Override
        public void advance() {
            bar.ifPresent(progress -> progress.add(1));
        }

        @Override
        public void close() {
            end();
        }

        void end() {
            bar.ifPresent(Progress::close);
            bar = Optional.empty();
        }
    }
}
