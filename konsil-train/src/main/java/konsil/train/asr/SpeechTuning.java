package konsil.train.asr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import konsil.kernel.NativeMemory;
import konsil.kernel.Workers;
import konsil.medasr.Ctc;
import konsil.medasr.LogMel;
import konsil.medasr.MedAsr;
import konsil.tensor.BadInputException;
import konsil.tensor.Tensor;
import konsil.text.Specials;
import konsil.text.Tokenizer;
import konsil.train.TrainingEngine;
import konsil.train.asr.SpeechLearner.Heard;
import konsil.train.lora.Seeds;
import konsil.train.run.EpochOrder;
import konsil.train.run.Outcome;
import konsil.train.run.Progression;
import konsil.train.run.RunFolder;
import konsil.train.run.RunListener;
import konsil.train.run.RunSettings;

/**
 * Trains a MedASR on clips, by the CTC loss. Clips of a step are run side by side, without padding, as many at once as
 * memory is set aside for; the rest of the step follows and its gradients add up. What a run computes depends on its
 * settings and its data alone: one that was stopped or killed and taken up again has the numbers of one that was not.
 */
public final class SpeechTuning implements AutoCloseable {
    private static final String TITLE = "konsil tune asr";

    private final SpeechSubject subject;
    private final RunSettings settings;
    private final Plan plan;
    private final Data data;
    private final RunFolder folder;
    private final Workers workers;
    private final SpeechLearner learner;
    private final Hearing hearing;
    private final Tokenizer tokenizer;
    private final Scorer scorer;
    private final NativeMemory memory = new NativeMemory();
    private final Map<Tensor, Tensor> sums = new LinkedHashMap<>();
    private final Optional<RunningStatistics> statistics;

    /** What is learnt from, and what the model is looked at with. @param heldOut may be empty */
    public record Data(List<Dictation> train, List<Dictation> heldOut) {
        public Data {
            train = List.copyOf(train);
            heldOut = List.copyOf(heldOut);
        }
    }

    /**
     * How clips are learnt from.
     *
     * @param together seconds of sound that are run side by side, at most, if a clip is not longer
     * @param momentum of the running statistics if batch norms take those of the batch; empty for running statistics
     *     that stay as they are
     * @param scorer word error rate of what was heard of held-out clips
     */
    public record Plan(
            Augmentation sound, SpecAugment features, double together, OptionalDouble momentum, Scorer scorer) {
        public Plan {
            if (!(together > 0 && together <= 36_000)) {
                throw new BadInputException("sound side by side: want more than 0 s, got " + together);
            }
        }
    }

    /** Counts wrong words. */
    @FunctionalInterface
    public interface Scorer {
        /** @return 0 for none, 1 for as many as there are words in the references */
        double errorRate(List<String> references, List<String> heard);
    }

    /**
     * A run.
     *
     * @param engine stays its caller's
     * @throws BadInputException when the model has no tokenizer
     */
    public SpeechTuning(
            SpeechSubject subject,
            SpeechLearner learner,
            TrainingEngine engine,
            RunSettings settings,
            Plan plan,
            Run run) {
        this.subject = subject;
        this.settings = settings;
        this.plan = plan;
        this.data = run.data();
        this.folder = run.folder();
        this.workers = engine.workers();
        this.learner = learner;
        this.scorer = plan.scorer();
        MedAsr model = subject.model();
        this.hearing = new Hearing(model.config(), new LogMel(), plan.sound(), plan.features());
        this.tokenizer = model.tokenizer().orElseThrow(() -> new BadInputException("the model has no tokenizer"));
        subject.learnt().forEach(tensor -> sums.put(tensor, Tensor.zeros(memory, tensor.shape())));
        this.statistics = plan.momentum().isPresent()
                ? Optional.of(
                        new RunningStatistics(model.network(), plan.momentum().getAsDouble()))
                : Optional.empty();
    }

    /** What a run works on. */
    public record Run(Data data, RunFolder folder) {}

    /**
     * Runs to the end, or until it is stopped; both leave a snapshot.
     *
     * @param stop asked before each batch of clips
     * @throws BadInputException when the folder holds a run with other settings, or the loss is no number any more
     * @throws IOException when the disk fails, or a sound can no longer be read
     */
    public Outcome run(RunListener listener, BooleanSupplier stop) throws IOException {
        var progression = new Progression(settings, folder, subject.kept(), workers);
        listener.begins(progression.step(), settings.steps());
        OptionalDouble last = OptionalDouble.empty();
        boolean stopped = false;
        while (!stopped && !progression.over()) {
            var clips = clips(progression.step());
            var loss = learn(clips, progression.step(), stop);
            stopped = loss.isEmpty();
            if (!stopped) {
                last = loss;
                step(progression, clips, loss.getAsDouble());
                listener.stepped(progression.step(), loss.getAsDouble(), tokens(clips));
                stopped = look(progression, listener, stop);
            }
            progression.save(stopped);
        }
        return outcome(progression, last, stopped);
    }

    private List<Dictation> clips(long step) {
        var order = new EpochOrder(data.train().size(), settings.seed());
        var clips = new ArrayList<Dictation>();
        for (int index : order.from(step * settings.batch(), settings.batch())) {
            clips.add(data.train().get(index));
        }
        return clips;
    }

    private OptionalDouble learn(List<Dictation> clips, long step, BooleanSupplier stop) throws IOException {
        long seed = Seeds.of(Seeds.of(settings.seed(), "augment"), step);
        var heard = heard(clips, (clip, i) -> hearing.changed(clip, Seeds.of(seed, i)));
        // running statistics move with each batch; a step that is broken off must not have moved them
        if (stop.getAsBoolean()) {
            return OptionalDouble.empty();
        }
        sums.values().forEach(sum -> sum.rows().clear());
        double loss = 0;
        for (var batch : together(heard)) {
            if (statistics.isEmpty() && stop.getAsBoolean()) {
                return OptionalDouble.empty();
            }
            loss += learner.learn(batch, clips.size(), statistics, sums);
        }
        return OptionalDouble.of(loss);
    }

    private interface Hears {
        Heard of(Dictation clip, int index) throws IOException;
    }

    private List<Heard> heard(List<Dictation> clips, Hears hears) throws IOException {
        var heard = new Heard[clips.size()];
        try {
            workers.run(heard.length, i -> {
                try {
                    heard[i] = hears.of(clips.get(i), i);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return List.of(heard);
    }

    /** Clips that are run side by side, in order. */
    private List<List<Heard>> together(List<Heard> clips) {
        var batches = new ArrayList<List<Heard>>();
        double most = plan.together() * LogMel.RATE / LogMel.HOP;
        double frames = 0;
        for (var clip : clips) {
            frames += clip.frames();
            if (batches.isEmpty() || frames > most) {
                batches.add(new ArrayList<>());
                frames = clip.frames();
            }
            batches.getLast().add(clip);
        }
        return batches;
    }

    private void step(Progression progression, List<Dictation> clips, double loss) throws IOException {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("loss", loss);
        figures.put(
                "epoch",
                (double) (progression.step() + 1)
                        * settings.batch()
                        / data.train().size());
        figures.put("tokens", (double) tokens(clips));
        progression.step(sums, figures);
    }

    private static long tokens(List<Dictation> clips) {
        return clips.stream().mapToLong(clip -> clip.labels().length).sum();
    }

    /** Looks at the held-out set when it is time; whether it was stopped on the way. */
    private boolean look(Progression progression, RunListener listener, BooleanSupplier stop) throws IOException {
        if (data.heldOut().isEmpty() || !progression.lookDue()) {
            return false;
        }
        // a look that is broken off would be missing after the snapshot, so it is always finished
        var result = listen(data.heldOut());
        folder.metrics().add(progression.step(), Map.of("held_out_loss", result.loss()));
        listener.heldOut(
                progression.step(), result.errorRate(), progression.look("held_out_wer", result.errorRate(), true));
        folder.writePage(TITLE, facts());
        return stop.getAsBoolean();
    }

    /** What came of listening. @param loss mean over clips, each divided by its tokens */
    record Listened(double loss, double errorRate) {}

    Listened listen(List<Dictation> clips) throws IOException {
        double loss = 0;
        var texts = new ArrayList<String>();
        int blank = subject.model().config().blank();
        for (var batch : together(heard(clips, (clip, _) -> hearing.plain(clip)))) {
            var logits = learner.logits(batch);
            for (int i = 0; i < batch.size(); i++) {
                int[] ids = Ctc.collapse(best(logits.get(i)), blank);
                texts.add(tokenizer.decode(ids, Specials.SKIP));
                loss += learner.loss(logits.get(i), batch.get(i).labels());
            }
        }
        var references = clips.stream().map(Dictation::text).toList();
        return new Listened(loss / clips.size(), scorer.errorRate(references, texts));
    }

    private static int[] best(Tensor logits) {
        float[] values = logits.toArray();
        int tokens = logits.cols();
        int[] best = new int[logits.dim(0)];
        for (int i = 0; i < values.length; i++) {
            int frame = i / tokens;
            if (values[i] > values[frame * tokens + best[frame]]) {
                best[frame] = i % tokens;
            }
        }
        return best;
    }

    private Map<String, String> facts() {
        long values = subject.kept().stream()
                .mapToLong(learnable -> learnable.values().size())
                .sum();
        double seconds = data.train().stream().mapToDouble(Dictation::samples).sum() / LogMel.RATE;
        return Map.of(
                "values",
                Long.toString(values),
                "sound",
                "%.0f s in %d clips".formatted(seconds, data.train().size()));
    }

    private Outcome outcome(Progression progression, OptionalDouble last, boolean stopped) throws IOException {
        var page = folder.writePage(TITLE, facts());
        boolean unfinished = stopped && !progression.over();
        Optional<Path> result = Optional.empty();
        if (!unfinished) {
            progression.takeBest();
            Path to = folder.folder().resolve("model");
            subject.write(to);
            result = Optional.of(to);
        }
        return new Outcome(
                progression.step(),
                last,
                progression.best(),
                progression.bestStep(),
                progression.stoppedEarly(),
                result,
                page);
    }

    @Override
    public void close() {
        statistics.ifPresent(RunningStatistics::close);
        memory.close();
    }
}
