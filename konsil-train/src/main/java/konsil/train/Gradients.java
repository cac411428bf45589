package konsil.train;

import java.util.Map;
import java.util.Optional;
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
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * Adds to the gradient of a tensor; of an output before its tape is walked.
     *
     * @param gradient same shape as {@code output}; not changed and not kept
     * @return this
     */
    public Gradients seed(Tensor output, Tensor gradient) {
        throw new UnsupportedOperationException("not there yet");
    }

    /** Passes what has been seeded back through all steps of a tape, its recomputed links included. */
    public void walk(TapeOps tape) {
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * The gradient of a tensor that no walked step returned: a weight or an input. For one with a sum from outside,
     * that sum.
     *
     * @return same shape; empty when nothing that was seeded depends on the tensor, or no tape tracks it
     */
    public Optional<Tensor> of(Tensor tensor) {
        throw new UnsupportedOperationException("not there yet");
    }
}
