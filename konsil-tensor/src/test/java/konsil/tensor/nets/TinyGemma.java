package konsil.tensor.nets;

import java.util.ArrayList;
import java.util.List;
import konsil.kernel.Activation;
import konsil.kernel.AttentionShape;
import konsil.kernel.WeightFormat;
import konsil.tensor.AttentionSpec;
import konsil.tensor.KvCache;
import konsil.tensor.KvPlan;
import konsil.tensor.Mask;
import konsil.tensor.Ops;
import konsil.tensor.Projection;
import konsil.tensor.RopeTable;
import konsil.tensor.Tensor;

/** A trunk in the shape of Gemma 3: grouped heads, sliding and global layers, norms of q and k, adapters everywhere. */
public record TinyGemma(Config config, List<Block> blocks, Tensor norm) {
    private static final float EPS = 1e-6f;

    /** Sizes; every pattern-th layer is global, the others see a window. */
    public record Config(
            int layers, int dim, int heads, int kvHeads, int headDim, int hidden, int window, int pattern) {
        boolean global(int layer) {
            return (layer + 1) % pattern == 0;
        }

        AttentionSpec attention(int layer, Mask mask) {
            float scale = (float) (1 / Math.sqrt(headDim));
            var shape = new AttentionShape(heads, kvHeads, headDim, scale, 0);
            return new AttentionSpec(shape, global(layer) ? mask : mask.window(window));
        }

        RopeTable rope(int layer) {
            return global(layer) ? new RopeTable(headDim, 1_000_000, 8) : new RopeTable(headDim, 10_000, 1);
        }

        public KvPlan cache(WeightFormat format, long maxPositions, int maxChunk) {
            var windows = new ArrayList<Integer>();
            for (int layer = 0; layer < layers; layer++) {
                windows.add(global(layer) ? KvPlan.EVERYTHING : window);
            }
            return new KvPlan(windows, kvHeads, headDim, format, maxPositions, maxChunk);
        }
    }

    public record Block(
            Tensor inputNorm,
            Projection q,
            Projection k,
            Projection v,
            Projection o,
            Tensor qNorm,
            Tensor kNorm,
            Tensor postAttentionNorm,
            Tensor preFeedforwardNorm,
            Projection gate,
            Projection up,
            Projection down,
            Tensor postFeedforwardNorm) {}

    public static TinyGemma random(Config c, TinyWeights w) {
        var blocks = new ArrayList<Block>();
        for (int layer = 0; layer < c.layers(); layer++) {
            blocks.add(new Block(
                    w.norm(c.dim()),
                    w.adapted(c.heads() * c.headDim(), c.dim(), 2),
                    w.adapted(c.kvHeads() * c.headDim(), c.dim(), 2),
                    w.adapted(c.kvHeads() * c.headDim(), c.dim(), 2),
                    w.adapted(c.dim(), c.heads() * c.headDim(), 2),
                    w.norm(c.headDim()),
                    w.norm(c.headDim()),
                    w.norm(c.dim()),
                    w.norm(c.dim()),
                    w.adapted(c.hidden(), c.dim(), 2),
                    w.adapted(c.hidden(), c.dim(), 2),
                    w.adapted(c.dim(), c.hidden(), 2),
                    w.norm(c.dim())));
        }
        return new TinyGemma(c, blocks, w.norm(c.dim()));
    }

    /** All layers, (tokens, dim) to (tokens, dim) after the last norm. */
    public Tensor forward(Ops ops, Tensor x, Mask mask, KvCache cache) {
        for (int layer = 0; layer < blocks.size(); layer++) {
            x = block(ops, layer, x, mask, cache);
        }
        cache.advance(x.dim(0));
        return ops.rmsNorm(x, norm, EPS);
    }

    /** One decoder layer, (tokens, dim) to (tokens, dim). */
    public Tensor block(Ops ops, int layer, Tensor x, Mask mask, KvCache cache) {
        Block b = blocks.get(layer);
        Tensor attended = attention(ops, layer, ops.rmsNorm(x, b.inputNorm(), EPS), mask, cache);
        x = ops.add(x, ops.rmsNorm(attended, b.postAttentionNorm(), EPS));
        Tensor normed = ops.rmsNorm(x, b.preFeedforwardNorm(), EPS);
        Tensor gated = ops.gate(Activation.GELU_TANH, ops.project(normed, b.gate()), ops.project(normed, b.up()));
        return ops.add(x, ops.rmsNorm(ops.project(gated, b.down()), b.postFeedforwardNorm(), EPS));
    }

    private Tensor attention(Ops ops, int layer, Tensor x, Mask mask, KvCache cache) {
        Block b = blocks.get(layer);
        long[] positions = cache.positions(x.dim(0));
        Tensor q = ops.rope(ops.rmsNorm(ops.project(x, b.q()), b.qNorm(), EPS), config.rope(layer), positions);
        Tensor k = ops.rope(ops.rmsNorm(ops.project(x, b.k()), b.kNorm(), EPS), config.rope(layer), positions);
        Tensor v = ops.project(x, b.v());
        var spec = config.attention(layer, mask);
        return ops.project(ops.attention(q, k, v, spec, cache.layer(layer)), b.o());
    }
}
