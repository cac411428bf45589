package konsil.cli.tune;

import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;
import konsil.cli.Options;
import konsil.tensor.BadInputException;
import konsil.tensor.file.FileType;
import konsil.train.asr.Augmentation;
import konsil.train.asr.SpecAugment;
import konsil.train.asr.SpeechPreset;
import konsil.train.asr.TrainingConstants;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** What is said on the command line about how a MedASR learns. */
final class AsrOptions {
    static final String FRESH = "--fresh";
    private static final String STORE = "--store";
    private static final String STATISTICS = "--statistics";
    private static final String TOGETHER = "--together";
    private static final String LONGEST = "--longest";
    private static final String NO_END_MARK = "--no-end-mark";
    private static final String NO_AUGMENT = "--no-augment";
    private static final String SPEED = "--speed";
    private static final String NOISE = "--noise";
    private static final String GAIN = "--gain";
    private static final String TIME_MASKS = "--time-masks";
    private static final String BAND_MASKS = "--band-masks";

    private AsrOptions() {}

    static void addTo(CommandSpec spec) {
        spec.addOption(TuneOptions.required(TuneOptions.MODEL, "DIR", "Folder of a MedASR as published."));
        spec.addOption(
                TuneOptions.required(TuneOptions.DATA, "JSONL", "One recording on each line, see docs/tune-asr.md."));
        spec.addOption(Options.option(
                TuneOptions.HELD_OUT, "JSONL", Path.class, "Recordings that are listened to, not learnt."));
        spec.addOption(
                TuneOptions.required(TuneOptions.OUT, "DIR", "Folder of the run: snapshots, metrics, the result."));
        spec.addOption(
                Options.flag(TuneOptions.RESUME, "Go on with the run in the folder, or begin one if there is none."));
        spec.addOption(Options.option(
                TuneOptions.PRESET, "NAME", String.class, "Settings under a name; options change them."));
        spec.addOption(
                Options.flag(FRESH, "Begin with random weights: of the model, only settings and tokenizer are read."));
        spec.addOption(Options.option(STORE, "TYPE", String.class, "With fresh weights: f32 (default) or bf16 files."));
        spec.addOption(Options.option(
                STATISTICS,
                "WHICH",
                String.class,
                "Batch norms keep their running statistics or take those of the batch."));
        spec.addOption(Options.option(TuneOptions.SEED, "N", Long.class, "Of all that is drawn; 0."));
        spec.addOption(Options.option(TuneOptions.STEPS, "N", Long.class, "Steps of the run."));
        spec.addOption(Options.option(TuneOptions.EPOCHS, "X", Double.class, "Or: how often each clip is heard."));
        spec.addOption(Options.json());
        addSound(spec);
        TuneOptions.addRun(spec);
    }

    private static void addSound(CommandSpec spec) {
        spec.addOption(Options.option(
                TOGETHER,
                "SECONDS",
                Double.class,
                "Sound that is run side by side, by memory; 60, or 20 for large models."));
        spec.addOption(Options.option(LONGEST, "SECONDS", Double.class, "Longest clip; 40."));
        spec.addOption(Options.flag(NO_END_MARK, "Do not put </s> behind each text."));
        spec.addOption(Options.flag(NO_AUGMENT, "Learn from clips as they are."));
        spec.addOption(Options.option(SPEED, "X", Double.class, "Up to so much faster or slower, as 0.1."));
        spec.addOption(Options.option(NOISE, "SHARE", Double.class, "How often there is noise in a clip, 0 to 1."));
        spec.addOption(Options.option(GAIN, "DB", Double.class, "Up to so much louder or softer."));
        spec.addOption(Options.option(TIME_MASKS, "N", Integer.class, "SpecAugment: stretches blotted out."));
        spec.addOption(Options.option(BAND_MASKS, "N", Integer.class, "SpecAugment: bands blotted out."));
    }

    static boolean fresh(ParseResult arguments, SpeechPreset preset) {
        return preset.fresh() || arguments.hasMatchedOption(FRESH);
    }

    static FileType store(ParseResult arguments) {
        String name = arguments.matchedOptionValue(STORE, "f32").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "f32" -> FileType.F32;
            case "bf16" -> FileType.BF16;
            default -> throw new BadInputException(STORE + ": want f32 or bf16, got " + name);
        };
    }

    /** Momentum of running statistics; empty when they stay as they are. */
    static OptionalDouble momentum(ParseResult arguments, SpeechPreset preset, TrainingConstants constants) {
        String name = arguments.matchedOptionValue(STATISTICS, preset.batchStatistics() ? "batch" : "running");
        return switch (name) {
            case "batch" -> OptionalDouble.of(constants.momentum());
            case "running" -> OptionalDouble.empty();
            default -> throw new BadInputException(STATISTICS + ": want running or batch, got " + name);
        };
    }

    static double together(ParseResult arguments, boolean large) {
        return arguments.matchedOptionValue(TOGETHER, large ? 20.0 : 60.0);
    }

    static double longest(ParseResult arguments) {
        return arguments.matchedOptionValue(LONGEST, 40.0);
    }

    static boolean ended(ParseResult arguments) {
        return !arguments.hasMatchedOption(NO_END_MARK);
    }

    static Augmentation sound(ParseResult arguments, SpeechPreset preset) {
        var usual = arguments.hasMatchedOption(NO_AUGMENT) ? Augmentation.NONE : preset.sound();
        return new Augmentation(
                arguments.matchedOptionValue(SPEED, usual.speed()),
                arguments.matchedOptionValue(NOISE, usual.noise()),
                usual.quietest(),
                usual.loudest(),
                arguments.matchedOptionValue(GAIN, usual.gain()));
    }

    static SpecAugment features(ParseResult arguments, SpeechPreset preset) {
        var usual = arguments.hasMatchedOption(NO_AUGMENT) ? SpecAugment.NONE : preset.features();
        var width = usual.timeWidth() > 0 ? usual : SpeechPreset.TUNE.features();
        return new SpecAugment(
                arguments.matchedOptionValue(TIME_MASKS, usual.times()),
                width.timeWidth(),
                width.timeShare(),
                arguments.matchedOptionValue(BAND_MASKS, usual.bands()),
                width.bandWidth());
    }
}
