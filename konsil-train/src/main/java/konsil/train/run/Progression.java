package konsil.train.run;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import konsil.kernel.Workers;
import konsil.tensor.BadInputException;
import konsil.tensor.Tensor;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.train.optim.AdamW;
import konsil.train.optim.Clipping;
import konsil.train.optim.Learnable;

/** Where a run stands: steps taken, the optimiser, the best held-out figure and how long ago it was. */
public final class Progression {
    private final RunSettings settings;
    private final RunFolder folder;
    private final List<Learnable> learnables;
    private final AdamW optimiser;
    private final Workers workers;
    private long step;
    private long savedAt = -1;
    private long bestStep = -1;
    private double best;
    private int sinceBest;

    public Progression(RunSettings settings, RunFolder folder, List<Learnable> learnables, Workers workers)
            throws IOException {
        this.settings = settings;
        this.folder = folder;
        this.learnables = learnables;
        this.workers = workers;
        this.optimiser = new AdamW(learnables, settings.optimiser(), workers);
        var before = folder.start(learnables, optimiser);
        if (before.isPresent()) {
            restore(before.get());
        }
    }

    private void restore(Fields state) {
        step = state.wholeLong("step");
        savedAt = step;
        bestStep = state.wholeLong("best_step");
        best = state.real("best", 0);
        sinceBest = state.whole("since_best");
    }

    /** Steps taken. */
    public long step() {
        return step;
    }

    /** Whether all steps are taken, or the held-out figure has not become better for too long. */
    public boolean over() {
        return step >= settings.steps() || stoppedEarly();
    }

    /** Whether the held-out figure ended it. */
    public boolean stoppedEarly() {
        return settings.patience() > 0 && sinceBest >= settings.patience();
    }

    /**
     * Takes a step.
     *
     * @param figures what else is noted of it
     * @throws BadInputException when the gradients are no numbers
     */
    public void step(Map<Tensor, Tensor> gradients, Map<String, Double> figures) throws IOException {
        double norm = Clipping.norm(gradients.values(), workers);
        if (!Double.isFinite(norm)) {
            throw new BadInputException(
                    ("step %d: the gradients are no numbers any more. Take a lower learning rate and "
                                    + "go on from the last snapshot in a folder of its own.")
                            .formatted(step + 1));
        }
        double rate = settings.schedule().at(step);
        optimiser.step(gradients, rate, Clipping.factor(norm, settings.clip()));
        step++;
        var all = new LinkedHashMap<>(figures);
        all.put("grad_norm", norm);
        all.put("learning_rate", rate);
        folder.metrics().add(step, all);
    }

    /** Whether it is time to look at the held-out set. */
    public boolean lookDue() {
        return step % settings.every() == 0 || step >= settings.steps();
    }

    /**
     * Takes note of a held-out figure.
     *
     * @param lower whether less is better
     * @return whether none was better before
     */
    public boolean look(String name, double figure, boolean lower) throws IOException {
        folder.metrics().add(step, Map.of(name, figure));
        boolean better = bestStep < 0 || (lower ? figure < best : figure > best);
        if (better) {
            best = figure;
            bestStep = step;
            sinceBest = 0;
            folder.saveBest(learnables);
        } else {
            sinceBest++;
        }
        return better;
    }

    /** The best held-out figure; empty when there was none. */
    public OptionalDouble best() {
        return bestStep < 0 ? OptionalDouble.empty() : OptionalDouble.of(best);
    }

    /** When that was. */
    public long bestStep() {
        return bestStep;
    }

    /** Keeps everything, if it is time to or {@code now}. */
    public void save(boolean now) throws IOException {
        boolean due = now || step % settings.save() == 0 || over();
        if (!due || savedAt == step) {
            return;
        }
        var state = new LinkedHashMap<String, Json>();
        state.put("step", new Json.Whole(step));
        state.put("best_step", new Json.Whole(bestStep));
        state.put("best", new Json.Real(best));
        state.put("since_best", new Json.Whole(sinceBest));
        folder.save(learnables, optimiser, state);
        savedAt = step;
    }

    /** Goes back to the values that were best, if a held-out set told. */
    public void takeBest() throws IOException {
        if (bestStep >= 0 && bestStep != step) {
            folder.readBest(learnables);
        }
    }
}
