package konsil.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import konsil.kernel.Activation;

/**
 * The same ops, remembered. A step that no trainable tensor reaches is run and forgotten. The tape holds tensors, not
 * copies: it is of use until the {@link Workspace} of the ops beneath is reset.
 */
public final class TapeOps implements Ops {
    private final KernelOps run;
    private final List<Step> steps = new ArrayList<>();
    private final Set<Tensor> tracked = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * An empty tape.
     *
     * @param run computes
     * @param trainable tensors whose gradients will be asked for, plain f32; also inputs, as of a block that is run
     *     again
     */
    public TapeOps(KernelOps run, Collection<Tensor> trainable) {
        this.run = run;
        for (var tensor : trainable) {
            Require.plain("tape", "trainable", tensor);
        }
        tracked.addAll(trainable);
    }

    /** How much a tape keeps of a {@link #chain}. */
    public enum Keeping {
        /** Every step of every link: fast, and takes the memory of all of them. */
        STEPS,
        /** What each link was given: its steps are computed again on the way back, one link at a time. */
        LINK_INPUTS
    }

    /**
     * A tape that may keep less.
     *
     * @param trainable as above
     */
    public TapeOps(KernelOps run, Collection<Tensor> trainable, Keeping keeping) {
        this(run, trainable);
        if (keeping == Keeping.LINK_INPUTS) {
            throw new UnsupportedOperationException("not there yet");
        }
    }

    /** What was remembered, in the order in which it was run. */
    public List<Step> steps() {
        return Collections.unmodifiableList(steps);
    }

    /** Whether the tensor is trainable or depends on one that is. */
    public boolean tracks(Tensor tensor) {
        return tracked.contains(tensor);
    }

    private Tensor keep(Step step) {
        for (var input : step.inputs()) {
            if (tracked.contains(input)) {
                tracked.add(step.out());
                steps.add(step);
                break;
            }
        }
        return step.out();
    }

    @Override
    public Tensor embed(int[] ids, Tensor table, float factor) {
        return keep(new Step.Embed(ids, table, factor, run.embed(ids, table, factor)));
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight) {
        return keep(new Step.Linear(x, weight, run.linear(x, weight)));
    }

    @Override
    public Tensor addBias(Tensor x, Tensor bias) {
        return keep(new Step.AddBias(x, bias, run.addBias(x, bias)));
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return keep(new Step.Add(a, b, run.add(a, b)));
    }

    @Override
    public Tensor scale(Tensor x, float factor) {
        return keep(new Step.Scale(x, factor, run.scale(x, factor)));
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weight, float eps) {
        return keep(new Step.RmsNorm(x, weight, eps, run.rmsNorm(x, weight, eps)));
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, float eps) {
        return keep(new Step.LayerNorm(x, weight, bias, eps, run.layerNorm(x, weight, bias, eps)));
    }

    @Override
    public Tensor batchNorm(Tensor x, BatchStatistics statistics, Tensor weight, Tensor bias) {
        return keep(new Step.BatchNorm(x, statistics, weight, bias, run.batchNorm(x, statistics, weight, bias)));
    }

    @Override
    public Tensor rope(Tensor x, RopeTable table, long[] positions) {
        return keep(new Step.Rope(x, table, positions, run.rope(x, table, positions)));
    }

    /** With a cache this is refused: gradients do not reach the tokens that it holds. */
    @Override
    public Tensor attention(Tensor q, Tensor k, Tensor v, AttentionSpec spec, KvLayer layer) {
        if (!(layer instanceof KvLayer.PassThrough)) {
            throw new IllegalArgumentException("tape: attention over a cache has no gradient; use KvCache.None");
        }
        return keep(new Step.Attention(q, k, v, spec, run.attention(q, k, v, spec, layer)));
    }

    @Override
    public Tensor activate(Activation f, Tensor x) {
        return keep(new Step.Activate(f, x, run.activate(f, x)));
    }

    @Override
    public Tensor gate(Activation f, Tensor gate, Tensor up) {
        return keep(new Step.Gate(f, gate, up, run.gate(f, gate, up)));
    }

    @Override
    public Tensor glu(Tensor x) {
        return keep(new Step.Glu(x, run.glu(x)));
    }

    @Override
    public Tensor conv1d(Tensor x, Tensor weight, int stride) {
        return keep(new Step.Conv1d(x, weight, stride, run.conv1d(x, weight, stride)));
    }

    @Override
    public Tensor depthwiseConv1d(Tensor x, Tensor taps, int left) {
        return keep(new Step.DepthwiseConv1d(x, taps, left, run.depthwiseConv1d(x, taps, left)));
    }

    @Override
    public Tensor patches(Tensor image, int patch) {
        return keep(new Step.Patches(image, patch, run.patches(image, patch)));
    }

    @Override
    public Tensor averagePool(Tensor x, int pool) {
        return keep(new Step.AveragePool(x, pool, run.averagePool(x, pool)));
    }

    @Override
    public Tensor scatterRows(Tensor x, int[] rows, Tensor values) {
        return keep(new Step.ScatterRows(x, rows, values, run.scatterRows(x, rows, values)));
    }

    @Override
    public Tensor selectRows(Tensor x, int[] rows) {
        return keep(new Step.SelectRows(x, rows, run.selectRows(x, rows)));
    }
}
