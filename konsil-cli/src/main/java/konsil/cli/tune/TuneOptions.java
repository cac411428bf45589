package konsil.cli.tune;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import konsil.cli.Options;
import konsil.medgemma.WorkingFormat;
import konsil.tensor.BadInputException;
import konsil.train.lora.LoraSettings;
import konsil.train.lora.Targets;
import konsil.train.optim.AdamWSettings;
import konsil.train.optim.Schedule;
import konsil.train.run.RunSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What kinds of tuning a MedGemma have in common on the command line. */
final class TuneOptions {
    static final String MODEL = "--model";
    static final String MMPROJ = "--mmproj";
    static final String DATA = "--data";
    static final String HELD_OUT = "--held-out";
    static final String OUT = "--out";
    static final String RESUME = "--resume";
    static final String ADAPTER = "--adapter";
    static final String PRESET = "--preset";
    static final String CONTEXT = "--context";
    static final String PAD = "--pad";
    static final String SEED = "--seed";
    static final String STEPS = "--steps";
    static final String EPOCHS = "--epochs";
    static final String LANES = "--lanes";
    private static final String QUANT = "--quant";
    private static final String RANK = "--rank";
    private static final String ALPHA = "--alpha";
    private static final String RSLORA = "--rslora";
    private static final String DROPOUT = "--dropout";
    private static final String TARGETS = "--targets";
    private static final String VISION = "--vision";
    private static final String LR = "--lr";
    private static final String SCHEDULE = "--schedule";
    private static final String WARM_UP = "--warm-up";
    private static final String BATCH = "--batch";
    private static final String WEIGHT_DECAY = "--weight-decay";
    private static final String CLIP = "--clip";
    private static final String EVERY = "--every";
    private static final String SAVE = "--save";
    private static final String PATIENCE = "--patience";

    private TuneOptions() {}

    static OptionSpec required(String name, String label, String summary) {
        return Options.option(name, label, Path.class, summary).toBuilder()
                .required(true)
                .build();
    }

    static void addTo(CommandSpec spec) {
        spec.addOption(required(MODEL, "MODEL", "Folder of a model, packed file (konsil import) or GGUF file."));
        spec.addOption(Options.option(MMPROJ, "FILE", Path.class, "Image projector of a GGUF model."));
        spec.addOption(required(DATA, "JSONL", "One conversation on each line, see docs/tune.md."));
        spec.addOption(Options.option(HELD_OUT, "JSONL", Path.class, "Conversations that are looked at, not learnt."));
        spec.addOption(required(OUT, "DIR", "Folder of the run: snapshots, metrics, the result."));
        spec.addOption(Options.flag(RESUME, "Go on with the run in the folder, or begin one if there is none."));
        spec.addOption(Options.option(PRESET, "NAME", String.class, "Settings under a name; options change them."));
        spec.addOption(Options.option(ADAPTER, "DIR", Path.class, "Go on training this adapter."));
        spec.addOption(Options.option(
                QUANT,
                "FORMAT",
                String.class,
                "Frozen matrices in memory: stored (default), exact, bf16, q8_0, q4_0."));
        spec.addOption(
                Options.option(CONTEXT, "TOKENS", Integer.class, "Longest example; 8192, or what the model can."));
        spec.addOption(Options.flag(PAD, "Pad pictures to a square, as in MedGemma's training, not stretch them."));
        spec.addOption(Options.option(SEED, "N", Long.class, "Of all that is drawn; 0."));
        spec.addOption(Options.option(
                LANES, "N", Integer.class, "Examples side by side; one a core for small models, else 1."));
        spec.addOption(Options.json());
        addAdapter(spec);
        addRun(spec);
    }

    private static void addAdapter(CommandSpec spec) {
        spec.addOption(Options.option(RANK, "R", Integer.class, "Rank of the adapter."));
        spec.addOption(Options.option(ALPHA, "A", Double.class, "Updates are multiplied by alpha / rank."));
        spec.addOption(Options.flag(RSLORA, "By alpha / root of rank instead."));
        spec.addOption(
                Options.option(DROPOUT, "P", Double.class, "Share of an adapter's inputs left out while training."));
        spec.addOption(Options.option(
                TARGETS,
                "WHICH",
                String.class,
                "all-linear, names with commas between them, or a regular expression."));
        spec.addOption(Options.flag(VISION, "Adapters on the image tower, too."));
    }

    static void addRun(CommandSpec spec) {
        spec.addOption(Options.option(LR, "RATE", Double.class, "Highest learning rate."));
        spec.addOption(Options.option(SCHEDULE, "SHAPE", String.class, "constant, linear or cosine."));
        spec.addOption(Options.option(WARM_UP, "SHARE", Double.class, "Share of all steps in which the rate rises."));
        spec.addOption(Options.option(BATCH, "N", Integer.class, "Examples of a step."));
        spec.addOption(Options.option(WEIGHT_DECAY, "X", Double.class, "AdamW's; none on norms and biases."));
        spec.addOption(Options.option(CLIP, "X", Double.class, "Bound of the gradient norm."));
        spec.addOption(Options.option(EVERY, "STEPS", Long.class, "Steps between looks at the held-out data; 50."));
        spec.addOption(Options.option(SAVE, "STEPS", Long.class, "Steps between snapshots; 50."));
        spec.addOption(Options.option(
                PATIENCE,
                "LOOKS",
                Integer.class,
                "End after so many looks without a better figure; 0, the default, never."));
    }

    static WorkingFormat format(ParseResult arguments) {
        String name = arguments.matchedOptionValue(QUANT, "stored");
        for (var format : WorkingFormat.values()) {
            if (format.name().equalsIgnoreCase(name)) {
                return format;
            }
        }
        throw new BadInputException(
                "%s: want stored, exact, bf16, q8_0 or q4_0, got %s".formatted(QUANT, name.toLowerCase(Locale.ROOT)));
    }

    /** What of an adapter's settings a preset says. */
    record AdapterDefaults(int rank, double alpha, double dropout, boolean vision) {}

    static LoraSettings adapter(ParseResult arguments, AdapterDefaults preset) {
        boolean vision = preset.vision() || arguments.hasMatchedOption(VISION);
        return new LoraSettings(
                arguments.matchedOptionValue(RANK, preset.rank()),
                arguments.matchedOptionValue(ALPHA, preset.alpha()),
                arguments.hasMatchedOption(RSLORA),
                arguments.matchedOptionValue(DROPOUT, preset.dropout()),
                Targets.parse(arguments.matchedOptionValue(TARGETS, Targets.ALL_LINEAR), vision));
    }

    /** What of a run's settings a preset says. */
    record RunDefaults(
            double learningRate, Schedule.Shape shape, double warmUp, int batch, double clip, double weightDecay) {}

    static int batch(ParseResult arguments, RunDefaults preset) {
        return arguments.matchedOptionValue(BATCH, preset.batch());
    }

    /** @param steps of the whole run */
    static RunSettings run(ParseResult arguments, RunDefaults preset, long steps, long every) {
        String shape = arguments.matchedOptionValue(SCHEDULE, preset.shape().name());
        var schedule = Schedule.of(
                Schedule.Shape.named(shape),
                arguments.matchedOptionValue(LR, preset.learningRate()),
                arguments.matchedOptionValue(WARM_UP, preset.warmUp()),
                steps);
        double decay = arguments.matchedOptionValue(WEIGHT_DECAY, preset.weightDecay());
        return new RunSettings(
                schedule,
                batch(arguments, preset),
                AdamWSettings.TORCH.withWeightDecay(decay),
                arguments.matchedOptionValue(CLIP, preset.clip()),
                arguments.matchedOptionValue(EVERY, every),
                arguments.matchedOptionValue(SAVE, every),
                arguments.matchedOptionValue(PATIENCE, 0),
                arguments.matchedOptionValue(SEED, 0L));
    }

    static Optional<Path> path(ParseResult arguments, String option) {
        return Optional.ofNullable(arguments.<Path>matchedOptionValue(option, null));
    }
}
