package konsil.train.sft;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import konsil.kernel.Workers;
import konsil.tensor.BadInputException;
import konsil.train.gemma.Example;
import konsil.train.gemma.Lanes;
import konsil.train.gemma.Subject;
import konsil.train.lora.Seeds;
import konsil.train.run.EpochOrder;
import konsil.train.run.Outcome;
import konsil.train.run.Progression;
import konsil.train.run.RunFolder;
import konsil.train.run.RunListener;
import konsil.train.run.RunSettings;

/**
 * Trains a subject on examples. Every token that is to be learnt counts the same, whichever example of a step it is in.
 * What a run computes depends on its settings, its data and its number of lanes alone: one that was stopped or killed
 * and taken up again has the numbers of one that was not.
 */
public final class SupervisedTuning {
    private final Subject subject;
    private final Lanes lanes;
    private final RunSettings settings;
    private final Data data;
    private final RunFolder folder;
    private final Workers workers;

    /** What is learnt from, and what the model is looked at with. @param heldOut may be empty */
    public record Data(List<Example> train, List<Example> heldOut) {
        public Data {
            train = List.copyOf(train);
            heldOut = List.copyOf(heldOut);
        }
    }

    public SupervisedTuning(
            Subject subject, Lanes lanes, RunSettings settings, Data data, RunFolder folder, Workers workers) {
        this.subject = subject;
        this.lanes = lanes;
        this.settings = settings;
        this.data = data;
        this.folder = folder;
        this.workers = workers;
    }

    /**
     * Runs to the end, or until it is stopped; both leave a snapshot.
     *
     * @param stop asked before each example
     * @throws BadInputException when the folder holds a run with other settings, or the loss is no number any more
     * @throws IOException when the disk fails, or an image can no longer be read
     */
    public Outcome run(RunListener listener, BooleanSupplier stop) throws IOException {
        var progression = new Progression(settings, folder, subject.learnables(), workers);
        listener.begins(progression.step(), settings.steps());
        var order = new EpochOrder(data.train().size(), settings.seed());
        OptionalDouble last = OptionalDouble.empty();
        boolean stopped = false;
        while (!stopped && !progression.over()) {
            var examples = batch(order, progression.step());
            var loss = learn(examples, progression.step(), stop);
            stopped = loss.isEmpty();
            if (!stopped) {
                last = loss;
                step(progression, examples, loss.getAsDouble());
                listener.stepped(progression.step(), loss.getAsDouble(), tokens(examples));
                stopped = look(progression, listener, stop);
            }
            progression.save(stopped);
        }
        return outcome(progression, last, stopped);
    }

    private List<Example> batch(EpochOrder order, long step) {
        var examples = new ArrayList<Example>();
        for (int index : order.from(step * settings.batch(), settings.batch())) {
            examples.add(data.train().get(index));
        }
        return examples;
    }

    private OptionalDouble learn(List<Example> examples, long step, BooleanSupplier stop) throws IOException {
        double learnt = examples.stream().mapToInt(Example::learnt).sum();
        var tasks = new ArrayList<Lanes.Task>();
        for (int i = 0; i < examples.size(); i++) {
            long seed = Seeds.of(Seeds.of(settings.seed(), "dropout"), step * settings.batch() + i);
            tasks.add(Lanes.learn(examples.get(i), learnt, seed));
        }
        lanes.zero();
        return lanes.sum(tasks, stop);
    }

    private void step(Progression progression, List<Example> examples, double loss) throws IOException {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("loss", loss);
        figures.put(
                "epoch",
                (double) (progression.step() + 1)
                        * settings.batch()
                        / data.train().size());
        figures.put("tokens", (double) tokens(examples));
        progression.step(lanes.gradients(), figures);
    }

    private static long tokens(List<Example> examples) {
        return examples.stream().mapToLong(example -> example.sequence().size()).sum();
    }

    /** Looks at the held-out set when it is time; whether it was stopped on the way. */
    private boolean look(Progression progression, RunListener listener, BooleanSupplier stop) throws IOException {
        if (data.heldOut().isEmpty() || !progression.lookDue()) {
            return false;
        }
        double learnt = data.heldOut().stream().mapToInt(Example::learnt).sum();
        var tasks = data.heldOut().stream()
                .map(example -> Lanes.loss(example, learnt))
                .toList();
        // a look that is broken off would be missing after the snapshot, so it is always finished
        double loss = lanes.sum(tasks, () -> false).orElseThrow();
        listener.heldOut(progression.step(), loss, progression.look("held_out_loss", loss, true));
        folder.writePage("konsil tune sft", facts());
        return stop.getAsBoolean();
    }

    private Map<String, String> facts() {
        long tensors = subject.learnables().size();
        long values = subject.learnables().stream()
                .mapToLong(learnable -> learnable.values().size())
                .sum();
        return Map.of("values", "%d values in %d tensors".formatted(values, tensors));
    }

    private Outcome outcome(Progression progression, OptionalDouble last, boolean stopped) throws IOException {
        var page = folder.writePage("konsil tune sft", facts());
        boolean unfinished = stopped && !progression.over();
        Optional<Path> result = Optional.empty();
        if (!unfinished) {
            progression.takeBest();
            var to = folder.folder().resolve(subject.result());
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
}
