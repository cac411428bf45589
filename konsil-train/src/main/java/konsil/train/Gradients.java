package konsil.train;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import konsil.tensor.Step;
import konsil.tensor.TapeOps;
import konsil.tensor.Tensor;

/**
 * Walks tapes backwards (reverse-mode differentiation): from the gradients of some outputs to those of everything the
 * tape tracks. Where a tensor is used more than once its gradients add up.
 *
 * <p>One instance is for one step: seed it, walk each tape once, the last one first, and read the gradients. All its
 * memory comes from the engine's workspace; gradients of values in between are given back as soon as they have been
 * passed on. Sums given from outside outlive the step, so that several examples can be accumulated into them.
 */
public final class Gradients {
    private final GradientStore store;
    private final StepGradients steps;

    /** Gradients that end with the step. */
    public Gradients(TrainingEngine engine) {
        this(engine, Map.of());
    }

    /**
     * Gradients of which some are added to sums that outlive the step.
     *
     * @param sums for each trainable tensor the plain f32 tensor of the same shape to which its gradient is added; the
     *     caller sets them to zero before the first example
     */
    public Gradients(TrainingEngine engine, Map<Tensor, Tensor> sums) {
        for (var entry : sums.entrySet()) {
            if (!entry.getKey().sameShape(entry.getValue())) {
                throw new IllegalArgumentException(
                        "gradients: want a sum like %s, got %s".formatted(entry.getKey(), entry.getValue()));
            }
        }
        this.store = new GradientStore(engine, sums);
        this.steps = new StepGradients(engine, store);
    }

    /**
     * Adds to the gradient of a tensor; of an output before its tape is walked.
     *
     * @param gradient same shape as {@code output}; not changed and not kept
     * @return this
     */
    public Gradients seed(Tensor output, Tensor gradient) {
        if (!output.sameShape(gradient)) {
            throw new IllegalArgumentException("gradients: want a seed like %s, got %s".formatted(output, gradient));
        }
        Tensor copy = store.fresh(output.shape());
        copy.copyFrom(gradient);
        store.add(output, copy);
        return this;
    }

    /** Passes what has been seeded back through all steps of a tape, its recomputed links included. */
    public void walk(TapeOps tape) {
        walk(tape, tape.steps());
    }

    private void walk(TapeOps tape, List<Step> remembered) {
        for (var step : remembered.reversed()) {
            var above = store.take(step.out());
            if (above.isPresent()) {
                Tensor dy = above.get();
                if (step instanceof Step.Chain chain) {
                    chain(tape, chain, dy);
                } else {
                    steps.back(step, dy, tape::tracks);
                }
                store.release(dy);
            }
        }
    }

    /** Runs one link after the other again, from the last to the first, each in memory that is given back. */
    private void chain(TapeOps tape, Step.Chain chain, Tensor dy) {
        prepare(tape.trainable());
        Tensor[] places = {store.fresh(dy.shape()), store.fresh(dy.shape())};
        Tensor above = dy;
        for (int i = chain.given().size() - 1; i >= 0; i--) {
            Tensor below = places[i % 2];
            link(tape, chain, i, above, below);
            above = below;
        }
        store.release(places[1]);
        if (tape.tracks(chain.given().getFirst())) {
            store.add(chain.given().getFirst(), places[0]);
        } else {
            store.release(places[0]);
        }
    }

    private void link(TapeOps tape, Step.Chain chain, int index, Tensor above, Tensor below) {
        try (var _ = store.scope()) {
            var replay = tape.replay(chain, index);
            Tensor seed = store.fresh(above.shape());
            seed.copyFrom(above);
            store.add(replay.out(), seed);
            walk(tape, replay.steps());
            store.take(chain.given().get(index)).ifPresentOrElse(below::copyFrom, below.rows()::clear);
            if (store.holdsAny()) {
                throw new IllegalStateException("chain: a link reads a tracked tensor that it was not given");
            }
        }
    }

    /** Makes room that scopes to come do not end. */
    void prepare(Collection<Tensor> trainable) {
        store.prepare(trainable);
    }

    /** For what a loss computes block by block: memory taken until it is closed is given back then. */
    GradientStore.Scope scope() {
        return store.scope();
    }

    /** Takes out a gradient that would be lost when the scope is closed. */
    Tensor take(Tensor tensor) {
        return store.take(tensor).orElseThrow();
    }

    /**
     * The gradient of a tensor that no walked step returned: a weight or an input. For one with a sum from outside,
     * that sum.
     *
     * @return same shape; empty when nothing that was seeded depends on the tensor, or no tape tracks it
     */
    public Optional<Tensor> of(Tensor tensor) {
        return store.of(tensor);
    }
}
