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
import konsil.medgemma.LoadOptions;
import konsil.tensor.BadInputException;
import konsil.train.data.ConversationFile;
import konsil.train.data.ExampleMaker;
import konsil.train.data.Masking;
import konsil.train.gemma.Example;
import konsil.train.gemma.FullSubject;
import konsil.train.gemma.LoraSubject;
import konsil.train.gemma.Subject;
import konsil.train.lora.AdapterFile;
import konsil.train.lora.Lora;
import konsil.train.lora.Seeds;
import konsil.train.run.RunFolder;
import konsil.train.run.RunListener;
import konsil.train.run.RunSettings;
import konsil.train.sft.Preset;
import konsil.train.sft.SupervisedTuning;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil tune sft}: a MedGemma learns to answer as examples do. */
final class SftCommand implements Command {
    private static final String LOSS = "--loss";
    private static final String FULL = "--full";
    private static final String FREEZE_VISION = "--freeze-vision";
    private static final long EVERY = 50;

    private final RunListener watcher;

    /** @param watcher hears of the run, too */
    SftCommand(RunListener watcher) {
        this.watcher = watcher;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb(
                "sft",
                "Trains a MedGemma on conversations: an adapter (LoRA) for it, or with --full all of it. The run keeps "
                        + "itself in its folder: Ctrl-C stops it after a snapshot, --resume goes on with the same "
                        + "numbers. Presets: lora (the default), notebook (Google's), scratch (a whole small model).",
                "tune sft --model ~/medgemma-1.5-4b-it --quant q8_0 --data train.jsonl --held-out dev.jsonl --out run",
                "tune sft --model ~/medgemma-4b-it --preset notebook --data train.jsonl --out run",
                "tune sft --model small --preset scratch --epochs 20 --data train.jsonl --out run",
                "tune sft --model ~/medgemma-1.5-4b-it --data train.jsonl --out run --resume",
                "ask --model ~/medgemma-1.5-4b-it --adapter run/adapter --image a.png \"Which tissue is this?\"");
        TuneOptions.addTo(spec);
        spec.addOption(Options.option(TuneOptions.STEPS, "N", Long.class, "Steps of the run."));
        spec.addOption(Options.option(TuneOptions.EPOCHS, "X", Double.class, "Or: how often each example is seen; 1."));
        spec.addOption(Options.option(LOSS, "WHAT", String.class, "Learn the answer or all of a conversation."));
        spec.addOption(Options.flag(FULL, "Train all of the model; it must be a folder as published."));
        spec.addOption(Options.flag(FREEZE_VISION, "With --full: all but the image tower and the projector."));
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        var preset = Preset.named(arguments.matchedOptionValue(TuneOptions.PRESET, Preset.LORA.name()));
        var masking = Masking.named(
                arguments.matchedOptionValue(LOSS, preset.masking().name()));
        RunFolder.requireUsable(
                arguments.matchedOptionValue(TuneOptions.OUT, Path.of("")),
                arguments.hasMatchedOption(TuneOptions.RESUME));
        try (var model = OpenModel.of(arguments);
                var interruption = new Interruption(() -> {})) {
            var data = data(arguments, model, masking, output);
            var defaults = new TuneOptions.RunDefaults(
                    preset.learningRate(),
                    preset.shape(),
                    preset.warmUp(),
                    preset.batch(),
                    preset.clip(),
                    preset.weightDecay());
            long steps = RunSetup.steps(
                    arguments, preset.epochs(), data.train().size(), TuneOptions.batch(arguments, defaults));
            var settings = TuneOptions.run(arguments, defaults, steps, EVERY);
            try (var subject = subject(arguments, preset, model, settings.seed(), output)) {
                return tune(
                        arguments, new Parts(model, subject, settings, data, masking, preset), output, interruption);
            }
        }
    }

    /** Everything that a run is made of. */
    private record Parts(
            OpenModel model,
            Subject subject,
            RunSettings settings,
            SupervisedTuning.Data data,
            Masking masking,
            Preset preset) {}

    private Exit tune(ParseResult arguments, Parts parts, Output output, Interruption interruption) throws IOException {
        var model = parts.model();
        try (var lanes = RunSetup.lanes(
                        arguments, model, parts.subject(), parts.settings().batch());
                var bar = new RunBar(output, watcher)) {
            var folder = RunFolder.open(
                    arguments.matchedOptionValue(TuneOptions.OUT, Path.of("")),
                    words(arguments, parts, lanes.count()),
                    arguments.hasMatchedOption(TuneOptions.RESUME));
            var tuning = new SupervisedTuning(
                    parts.subject(), lanes, parts.settings(), parts.data(), folder, model.workers());
            var outcome = tuning.run(bar, interruption::asked);
            bar.end();
            var report = new RunReport(outcome, bar, "held_out_loss", facts(parts));
            report.print(arguments.hasMatchedOption(Options.JSON), output);
            return outcome.result().isPresent() ? Exit.OK : Exit.INTERRUPTED;
        }
    }

    private static Map<String, Object> facts(Parts parts) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("preset", parts.preset().name());
        facts.put("preset_source", parts.preset().source());
        if (!parts.preset().differs().isEmpty()) {
            facts.put("preset_differs", parts.preset().differs());
        }
        facts.put("examples", parts.data().train().size());
        facts.put("held_out_examples", parts.data().heldOut().size());
        return facts;
    }

    private static Map<String, String> words(ParseResult arguments, Parts parts, int lanes) throws IOException {
        var words = RunSetup.settings(arguments, parts.model(), parts.settings(), lanes);
        words.put("loss", parts.masking().toString());
        words.put(
                "what",
                switch (parts.subject()) {
                    case LoraSubject lora -> lora.lora().settings().toString();
                    case FullSubject full -> full.frozenImages() ? "all but images" : "all";
                });
        return words;
    }

    private static SupervisedTuning.Data data(ParseResult arguments, OpenModel model, Masking masking, Output output)
            throws IOException {
        var maker = model.exampleMaker(arguments);
        int longest = RunSetup.longest(arguments, model);
        Path train = arguments.matchedOptionValue(TuneOptions.DATA, Path.of(""));
        var heldOut = TuneOptions.path(arguments, TuneOptions.HELD_OUT);
        var examples = examples(train, maker, masking, longest, model, output);
        return new SupervisedTuning.Data(
                examples,
                heldOut.isPresent() ? examples(heldOut.get(), maker, masking, longest, model, output) : List.of());
    }

    private static List<Example> examples(
            Path file, ExampleMaker maker, Masking masking, int longest, OpenModel model, Output output)
            throws IOException {
        var conversations = ConversationFile.read(file);
        return RunSetup.checked(
                "check " + file.getFileName(),
                conversations.size(),
                output,
                progress -> maker.examples(file, conversations, masking, longest, model.workers(), progress));
    }

    private static Subject subject(ParseResult arguments, Preset preset, OpenModel model, long seed, Output output)
            throws IOException {
        boolean full = preset.full() || arguments.hasMatchedOption(FULL);
        var adapter = TuneOptions.path(arguments, TuneOptions.ADAPTER);
        if (!full && arguments.hasMatchedOption(FREEZE_VISION)) {
            throw new BadInputException(FREEZE_VISION + " wants " + FULL);
        }
        if (full && adapter.isPresent()) {
            throw new BadInputException("%s and %s exclude each other; merge the adapter first (konsil tune merge)"
                    .formatted(TuneOptions.ADAPTER, FULL));
        }
        if (full) {
            if (!Files.isDirectory(model.path())) {
                throw new BadInputException(FULL + ": want a folder as published, with safetensors");
            }
            var whole = model.load(LoadOptions.forTraining(), output);
            return new FullSubject(whole, model.path(), arguments.hasMatchedOption(FREEZE_VISION));
        }
        var base = model.load(LoadOptions.of(TuneOptions.format(arguments)), output);
        var lora = adapter.isPresent()
                ? AdapterFile.read(adapter.get(), base)
                : Lora.fresh(base, TuneOptions.adapter(arguments, defaults(preset)), Seeds.of(seed, "adapter"));
        return new LoraSubject(base, lora, model.path().toString());
    }

    private static TuneOptions.AdapterDefaults defaults(Preset preset) {
        return new TuneOptions.AdapterDefaults(preset.rank(), preset.alpha(), preset.dropout(), preset.vision());
    }
}
