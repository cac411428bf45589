package konsil.cli.tune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import konsil.cli.Output;
import konsil.cli.Phase;
import konsil.cli.Progress;
import konsil.tensor.BadInputException;
import konsil.tensor.file.FileHash;
import konsil.train.gemma.Lanes;
import konsil.train.gemma.SoftTokenStore;
import konsil.train.gemma.Subject;
import konsil.train.run.RunSettings;
import picocli.CommandLine.ParseResult;

/** What every kind of run needs besides its data. */
final class RunSetup {
    private static final int CONTEXT = 8192;
    private static final long SEEN_BYTES = 2L << 30;

    private RunSetup() {}

    static int longest(ParseResult arguments, OpenModel model) {
        long most = model.config().text().maxPositions();
        int asked = arguments.matchedOptionValue(TuneOptions.CONTEXT, (int) Math.min(CONTEXT, most));
        if (asked < 2 || asked > most) {
            throw new BadInputException("%s: want 2 to %d tokens, which the model was made for, got %d"
                    .formatted(TuneOptions.CONTEXT, most, asked));
        }
        return asked;
    }

    /** Work on data whose progress is shown. */
    interface Making<T> {
        List<T> make(IntConsumer progress);
    }

    static <T> List<T> checked(String label, int total, Output output, Making<T> making) {
        try (var phase = new Phase(output, label, Progress.Unit.STEPS)) {
            return making.make(done -> phase.at(done, total));
        }
    }

    /** Steps of a run. @param otherwise epochs when nothing is said */
    static long steps(ParseResult arguments, double otherwise, int examples, int batch) {
        if (arguments.hasMatchedOption(TuneOptions.STEPS) && arguments.hasMatchedOption(TuneOptions.EPOCHS)) {
            throw new BadInputException(
                    "%s and %s exclude each other".formatted(TuneOptions.STEPS, TuneOptions.EPOCHS));
        }
        double epochs = arguments.matchedOptionValue(TuneOptions.EPOCHS, otherwise);
        if (!(epochs > 0) || epochs > 1e6) {
            throw new BadInputException("%s: want more than 0, got %s".formatted(TuneOptions.EPOCHS, epochs));
        }
        long steps = (long) Math.ceil(epochs * Math.ceil((double) examples / batch));
        return arguments.matchedOptionValue(TuneOptions.STEPS, steps);
    }

    static Lanes lanes(ParseResult arguments, OpenModel model, Subject subject, int batch) {
        var usual = Lanes.Plan.of(model.values(), batch, model.workers().cores());
        int count = arguments.matchedOptionValue(TuneOptions.LANES, usual.count());
        if (count < 1 || count > 256) {
            throw new BadInputException("%s: want 1 to 256, got %d".formatted(TuneOptions.LANES, count));
        }
        var plan = new Lanes.Plan(count, usual.keeping(), usual.memory());
        return new Lanes(subject, model.kernels().kernels(), model.workers(), plan, new SoftTokenStore(SEEN_BYTES));
    }

    /** All that the numbers of a run depend on, in words. */
    static Map<String, String> settings(ParseResult arguments, OpenModel model, RunSettings run, int lanes)
            throws IOException {
        var settings = settings(arguments, model.fingerprint(), run);
        settings.put("weights", TuneOptions.format(arguments).toString());
        settings.put("framing", arguments.hasMatchedOption(TuneOptions.PAD) ? "padded" : "as the model's files say");
        settings.put("lanes", Integer.toString(lanes));
        return settings;
    }

    /** The same of any model. @param fingerprint of its files */
    static Map<String, String> settings(ParseResult arguments, String fingerprint, RunSettings run) throws IOException {
        var settings = new LinkedHashMap<String, String>();
        settings.put("model", fingerprint);
        settings.put("data", FileHash.sha256(arguments.matchedOptionValue(TuneOptions.DATA, Path.of("")), _ -> {}));
        var heldOut = TuneOptions.path(arguments, TuneOptions.HELD_OUT);
        if (heldOut.isPresent()) {
            settings.put("held_out", FileHash.sha256(heldOut.get(), _ -> {}));
        }
        var schedule = run.schedule();
        settings.put(
                "schedule",
                "%s, peak %s, warm-up %d of %d steps"
                        .formatted(schedule.shape(), schedule.peak(), schedule.warmUp(), schedule.total()));
        settings.put("batch", Integer.toString(run.batch()));
        settings.put("optimiser", run.optimiser().toString());
        settings.put("clip", Double.toString(run.clip()));
        settings.put("every", Long.toString(run.every()));
        settings.put("patience", Integer.toString(run.patience()));
        settings.put("seed", Long.toString(run.seed()));
        return settings;
    }
}
