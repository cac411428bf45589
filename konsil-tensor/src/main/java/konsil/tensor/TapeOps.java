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
    private final Keeping keeping;
    private final Collection<Tensor> trainable;
    private List<Step> steps = new ArrayList<>();
    private boolean keeps = true;
    private final Set<Tensor> tracked = Collections.newSetFromMap(new IdentityHashMap<>());

    /** How much a tape keeps of a {@link #chain}. */
    public enum Keeping {
        /** Every step of every link: fast, and takes the memory of all of them. */
        STEPS,
        /** What each link was given: its steps are run again on the way back, one link at a time. */
        LINK_INPUTS
    }

    /** An empty tape that keeps every step. */
    public TapeOps(KernelOps run, Collection<Tensor> trainable) {
        this(run, trainable, Keeping.STEPS);
    }

    /**
     * An empty tape.
     *
     * @param run computes
     * @param trainable tensors whose gradients will be asked for, plain f32; also inputs, as of a block that is run
     *     again
     */
    public TapeOps(KernelOps run, Collection<Tensor> trainable, Keeping keeping) {
        this.run = run;
        this.keeping = keeping;
        this.trainable = List.copyOf(trainable);
        for (var tensor : trainable) {
            Require.plain("tape", "trainable", tensor);
        }
        tracked.addAll(trainable);
    }

    /** The tensors whose gradients will be asked for. */
    public Collection<Tensor> trainable() {
        return trainable;
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
                if (keeps) {
                    steps.add(step);
                }
                break;
            }
        }
        return step.out();
    }

    /** With {@link Keeping#LINK_INPUTS}, what a link needed on its way is given back before the next one runs. */
    @Override
    public Tensor chain(Tensor x, int links, Link link) {
        if (keeping == Keeping.STEPS || !keeps || links == 0) {
            return Ops.super.chain(x, links, link);
        }
        var given = new ArrayList<Tensor>();
        Tensor free = null;
        for (int i = 0; i < links; i++) {
            Tensor result = free == null ? run.workspace().tensor(x.shape()) : free;
            runOnce(link, i, x, result);
            if (tracked.contains(result)) {
                given.add(x);
                free = null;
            } else {
                free = i == 0 ? null : x;
            }
            x = result;
        }
        if (!given.isEmpty()) {
            steps.add(new Step.Chain(links - given.size(), given, link, x));
        }
        return x;
    }

    /** Runs a link and keeps no step of it. */
    private void runOnce(Link link, int index, Tensor x, Tensor result) {
        keeps = false;
        try (var _ = run.workspace().mark()) {
            Tensor y = link.apply(index, x);
            result.copyFrom(y);
            if (tracked.contains(y)) {
                tracked.add(result);
            }
        } finally {
            keeps = true;
        }
    }

    /**
     * What was remembered of one link that was run again.
     *
     * @param steps in the order in which they were run
     * @param out what the link returned, which has the values that it had before
     */
    public record Replay(List<Step> steps, Tensor out) {}

    /**
     * Runs a link of a chain again and remembers every step of it, apart from those of the tape.
     *
     * @param index 0 for the first of {@link Step.Chain#given}
     */
    public Replay replay(Step.Chain chain, int index) {
        var before = steps;
        steps = new ArrayList<>();
        try {
            Tensor out = chain.link().apply(chain.first() + index, chain.given().get(index));
            return new Replay(steps, out);
        } finally {
            steps = before;
        }
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
    public Tensor depthwiseConv1d(Tensor x, Tensor taps, int left, int[] lengths) {
        Tensor y = run.depthwiseConv1d(x, taps, left, lengths);
        return keep(new Step.DepthwiseConv1d(x, taps, left, lengths, y));
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
