package konsil.cli.tune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.cli.Command;
import konsil.cli.Exit;
import konsil.cli.Interruption;
import konsil.cli.Options;
import konsil.cli.Output;
import konsil.eval.wer.Alignment;
import konsil.eval.wer.Counts;
import konsil.eval.wer.Normaliser;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medasr.LoadOptions;
import konsil.medasr.LogMel;
import konsil.medasr.MedAsr;
import konsil.tensor.BadInputException;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Workspace;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fingerprint;
import konsil.train.TrainingEngine;
import konsil.train.asr.Dictation;
import konsil.train.asr.DictationMaker;
import konsil.train.asr.FreshWeights;
import konsil.train.asr.Labels;
import konsil.train.asr.RecordingFile;
import konsil.train.asr.SpeechLearner;
import konsil.train.asr.SpeechPreset;
import konsil.train.asr.SpeechSubject;
import konsil.train.asr.SpeechTuning;
import konsil.train.asr.TrainingConstants;
import konsil.train.run.RunFolder;
import konsil.train.run.RunListener;
import konsil.train.run.RunSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil tune asr}: a MedASR learns from recordings and their texts. */
final class AsrCommand implements Command {
    private static final long EVERY = 50;
    private static final long MEMORY = 16L << 30;

    /** Values of a model above which each block is run again on the way back, to save memory. */
    private static final long LARGE = 64L << 20;

    private final RunListener watcher;

    /** @param watcher hears of the run, too */
    AsrCommand(RunListener watcher) {
        this.watcher = watcher;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "asr",
                "Trains all weights of a MedASR on recordings and their texts. The run keeps itself in its folder: Ctrl-C "
                        + "stops it after a snapshot, --resume goes on with the same numbers. Presets: tune (the default), "
                        + "notebook (Google's), scratch (a small model that knows nothing yet).",
                "tune asr --model ~/medasr --data train.jsonl --held-out dev.jsonl --out run",
                "tune asr --model ~/medasr --preset notebook --data train.jsonl --held-out dev.jsonl --out run",
                "tune asr --model small --preset scratch --data train.jsonl --held-out dev.jsonl --out run",
                "transcribe --model run/model a.wav");
        AsrOptions.addTo(spec);
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        var preset = SpeechPreset.named(arguments.matchedOptionValue(TuneOptions.PRESET, SpeechPreset.TUNE.name()));
        Path out = arguments.matchedOptionValue(TuneOptions.OUT, Path.of(""));
        RunFolder.requireUsable(out, arguments.hasMatchedOption(TuneOptions.RESUME));
        Path folder = arguments.matchedOptionValue(TuneOptions.MODEL, Path.of(""));
        if (!Files.isDirectory(folder)) {
            throw new BadInputException(folder + ": want the folder of a MedASR as published");
        }
        if (AsrOptions.fresh(arguments, preset)) {
            Path start = out.resolve("start");
            long seed = arguments.matchedOptionValue(TuneOptions.SEED, 0L);
            FreshWeights.write(folder, start, seed, AsrOptions.store(arguments));
            folder = start;
        }
        try (var workers = Workers.forThisMachine();
                var interruption = new Interruption(() -> {})) {
            return run(arguments, preset, folder, workers, new Shell(output, interruption));
        }
    }

    /** Whom it is shown to, and who stops it. */
    private record Shell(Output output, Interruption interruption) {}

    private Exit run(ParseResult arguments, SpeechPreset preset, Path folder, Workers workers, Shell shell)
            throws IOException {
        var kernels = KernelChoice.best(workers).kernels();
        try (var model = MedAsr.load(List.of(folder), kernels, workers, LoadOptions.forTraining())) {
            var subject = new SpeechSubject(model, folder);
            boolean large = values(subject) > LARGE;
            try (var space = new Workspace(MEMORY);
                    var engine = new TrainingEngine(kernels, workers, space)) {
                var learner = new SpeechLearner(subject, engine, large ? Keeping.LINK_INPUTS : Keeping.STEPS);
                return tune(arguments, new Parts(subject, learner, engine, preset, large), shell);
            }
        }
    }

    private static long values(SpeechSubject subject) {
        return subject.kept().stream().mapToLong(one -> one.values().size()).sum();
    }

    /** What is trained and what computes. */
    private record Parts(
            SpeechSubject subject, SpeechLearner learner, TrainingEngine engine, SpeechPreset preset, boolean large) {}

    private Exit tune(ParseResult arguments, Parts parts, Shell shell) throws IOException {
        var output = shell.output();
        var data = data(arguments, parts, output);
        var settings = settings(arguments, parts.preset(), data.train().size());
        SpeechTuning.Plan plan;
        Map<String, String> words;
        try (var files = Checkpoint.open(parts.subject().folder())) {
            var momentum = AsrOptions.momentum(arguments, parts.preset(), TrainingConstants.of(files));
            plan = new SpeechTuning.Plan(
                    AsrOptions.sound(arguments, parts.preset()),
                    AsrOptions.features(arguments, parts.preset()),
                    AsrOptions.together(arguments, parts.large()),
                    momentum,
                    AsrCommand::errorRate);
            words = words(arguments, Fingerprint.of(files), settings, plan);
        }
        var folder = RunFolder.open(
                arguments.matchedOptionValue(TuneOptions.OUT, Path.of("")),
                words,
                arguments.hasMatchedOption(TuneOptions.RESUME));
        try (var bar = new RunBar(output, watcher);
                var tuning = new SpeechTuning(
                        parts.subject(),
                        parts.learner(),
                        parts.engine(),
                        settings,
                        plan,
                        new SpeechTuning.Run(data, folder))) {
            var outcome = tuning.run(bar, shell.interruption()::asked);
            bar.end();
            var report = new RunReport(outcome, bar, "held_out_wer", facts(parts.preset(), data));
            report.print(arguments.hasMatchedOption(Options.JSON), output);
            return outcome.result().isPresent() ? Exit.OK : Exit.INTERRUPTED;
        }
    }

    private static RunSettings settings(ParseResult arguments, SpeechPreset preset, int clips) {
        var defaults = new TuneOptions.RunDefaults(
                preset.learningRate(),
                preset.shape(),
                preset.warmUp(),
                preset.batch(),
                preset.clip(),
                preset.weightDecay());
        int batch = TuneOptions.batch(arguments, defaults);
        return TuneOptions.run(arguments, defaults, RunSetup.steps(arguments, preset.epochs(), clips, batch), EVERY);
    }

    private static Map<String, String> words(
            ParseResult arguments, String fingerprint, RunSettings settings, SpeechTuning.Plan plan)
            throws IOException {
        var words = RunSetup.settings(arguments, fingerprint, settings);
        words.put("augmentation", plan.sound().toString());
        words.put("spec_augment", plan.features().toString());
        words.put("together", plan.together() + " s");
        words.put(
                "batch_norms",
                plan.momentum().isPresent()
                        ? "of the batch, momentum " + plan.momentum().getAsDouble()
                        : "running statistics, frozen");
        words.put("end_mark", Boolean.toString(AsrOptions.ended(arguments)));
        return words;
    }

    private static SpeechTuning.Data data(ParseResult arguments, Parts parts, Output output) throws IOException {
        var model = parts.subject().model();
        var tokenizer = model.tokenizer()
                .orElseThrow(() -> new BadInputException("%s: want a tokenizer with the model"
                        .formatted(parts.subject().folder())));
        var maker = new DictationMaker(
                Labels.of(tokenizer, model.config(), AsrOptions.ended(arguments)), AsrOptions.longest(arguments));
        Path train = arguments.matchedOptionValue(TuneOptions.DATA, Path.of(""));
        var clips = clips(train, maker, parts, output);
        var heldOut = TuneOptions.path(arguments, TuneOptions.HELD_OUT);
        if (heldOut.isEmpty()) {
            return new SpeechTuning.Data(clips, List.of());
        }
        var others = clips(heldOut.get(), maker, parts, output);
        if (others.stream()
                .allMatch(clip -> Normaliser.QUICK_START.apply(clip.text()).isEmpty())) {
            throw new BadInputException("%s: its texts hold no words to count".formatted(heldOut.get()));
        }
        return new SpeechTuning.Data(clips, others);
    }

    private static List<Dictation> clips(Path file, DictationMaker maker, Parts parts, Output output)
            throws IOException {
        var recordings = RecordingFile.read(file);
        return RunSetup.checked(
                "check " + file.getFileName(),
                recordings.size(),
                output,
                progress -> maker.make(file, recordings, parts.engine().workers(), progress));
    }

    /** As the quick-start notebook of MedASR counts: "{period}" is the word "period". */
    private static double errorRate(List<String> references, List<String> heard) {
        var counts = Counts.ZERO;
        for (int i = 0; i < references.size(); i++) {
            String reference = Normaliser.QUICK_START.apply(references.get(i));
            counts = counts.plus(Alignment.of(reference, Normaliser.QUICK_START.apply(heard.get(i)))
                    .counts());
        }
        return counts.rate().orElse(0);
    }

    private static Map<String, Object> facts(SpeechPreset preset, SpeechTuning.Data data) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("preset", preset.name());
        facts.put("preset_source", preset.source());
        if (!preset.differs().isEmpty()) {
            facts.put("preset_differs", preset.differs());
        }
        facts.put("clips", data.train().size());
        facts.put(
                "seconds_of_sound",
                data.train().stream().mapToDouble(Dictation::samples).sum() / LogMel.RATE);
        facts.put("held_out_clips", data.heldOut().size());
        return facts;
    }
}
