package konsil.train;

import konsil.kernel.GradientKernels;
import konsil.kernel.Kernels;
import konsil.kernel.Workers;
import konsil.tensor.KernelOps;
import konsil.tensor.Workspace;

/**
 * What computes a training step: kernels, threads, and the memory of the step. Everything that {@link Gradients} and
 * the losses return lives in the workspace until its owner resets it. For one thread at a time.
 */
public final class TrainingEngine implements AutoCloseable {
    private final Kernels kernels;
    private final Workers workers;
    private final Workspace workspace;
    private final KernelOps ops;

    /** Keeps angles of positions counted backwards, which {@link #ops} would compute in turn with the others. */
    private final KernelOps backwardOps;

    private final GradientKernels gradientKernels;

    /** @param workspace stays its caller's, who resets it between steps and closes it after this */
    public TrainingEngine(Kernels kernels, Workers workers, Workspace workspace) {
        this.kernels = kernels;
        this.workers = workers;
        this.workspace = workspace;
        this.ops = new KernelOps(kernels, workers, workspace);
        this.backwardOps = new KernelOps(kernels, workers, workspace);
        this.gradientKernels = new GradientKernels(workers);
    }

    /** The plain ops over the workspace; what a tape runs on. */
    public KernelOps ops() {
        return ops;
    }

    public Kernels kernels() {
        return kernels;
    }

    public Workers workers() {
        return workers;
    }

    public Workspace workspace() {
        return workspace;
    }

    KernelOps backwardOps() {
        return backwardOps;
    }

    GradientKernels gradientKernels() {
        return gradientKernels;
    }

    /** Gives back what the engine itself holds. */
    @Override
    public void close() {
        gradientKernels.close();
    }
}
