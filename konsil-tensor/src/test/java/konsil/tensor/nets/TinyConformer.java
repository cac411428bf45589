package konsil.tensor.nets;

import konsil.kernel.Activation;
import konsil.kernel.AttentionShape;
import konsil.tensor.AttentionSpec;
import konsil.tensor.BatchStatistics;
import konsil.tensor.KvCache;
import konsil.tensor.Mask;
import konsil.tensor.Ops;
import konsil.tensor.Projection;
import konsil.tensor.RopeTable;
import konsil.tensor.Tensor;

/** A subsampler and one block in the shape of MedASR's Conformer. */
public record TinyConformer(
        Tensor conv,
        Tensor convBias,
        Tensor zeros,
        FeedForward first,
        Tensor attentionNorm,
        Projection q,
        Projection k,
        Projection v,
        Projection o,
        Convolution convolution,
        FeedForward second,
        Tensor outNorm) {
    private static final float EPS = 1e-6f;
    private static final int HEADS = 2;
    private static final int HEAD_DIM = 8;
    private static final int DIM = HEADS * HEAD_DIM;
    private static final int TAPS = 8;

    public record FeedForward(Tensor norm, Projection up, Projection down) {}

    public record Convolution(
            Tensor norm,
            Projection in,
            Tensor taps,
            BatchStatistics statistics,
            Tensor weight,
            Tensor bias,
            Projection out) {}

    public static TinyConformer random(TinyWeights w, int mels, Tensor variance) {
        return new TinyConformer(
                w.trained(w.values(DIM, 5, mels)),
                w.trained(w.values(DIM)),
                w.values(DIM),
                feedForward(w),
                w.trained(w.norm(DIM)),
                w.adapted(DIM, DIM, 2),
                w.adapted(DIM, DIM, 2),
                w.adapted(DIM, DIM, 2),
                w.adapted(DIM, DIM, 2),
                new Convolution(
                        w.norm(DIM),
                        w.frozen(2 * DIM, DIM),
                        w.trained(w.values(TAPS, DIM)),
                        new BatchStatistics(w.values(DIM), variance, 1e-5f),
                        w.trained(w.norm(DIM)),
                        w.trained(w.values(DIM)),
                        w.frozen(DIM, DIM)),
                feedForward(w),
                w.trained(w.norm(DIM)));
    }

    private static FeedForward feedForward(TinyWeights w) {
        return new FeedForward(w.trained(w.norm(DIM)), w.adapted(4 * DIM, DIM, 2), w.adapted(DIM, 4 * DIM, 2));
    }

    /** Frames (frames, mels) to ((frames - 5) / 2 + 1, DIM). */
    public Tensor forward(Ops ops, Tensor x, KvCache.None none) {
        x = ops.activate(Activation.RELU, ops.addBias(ops.conv1d(x, conv, 2), convBias));
        x = weighted(ops, x, 1.5f, feedForward(ops, x, first), 0.5f);
        x = ops.add(x, attention(ops, ops.layerNorm(x, attentionNorm, zeros, EPS), none));
        x = weighted(ops, x, 2, convolve(ops, x), 1);
        x = weighted(ops, x, 1.5f, feedForward(ops, x, second), 0.5f);
        return ops.layerNorm(x, outNorm, zeros, EPS);
    }

    private static Tensor weighted(Ops ops, Tensor x, float ofX, Tensor y, float ofY) {
        return ops.add(ops.scale(x, ofX), ops.scale(y, ofY));
    }

    private Tensor feedForward(Ops ops, Tensor x, FeedForward f) {
        Tensor normed = ops.layerNorm(x, f.norm(), zeros, EPS);
        return ops.project(ops.activate(Activation.SILU, ops.project(normed, f.up())), f.down());
    }

    private Tensor attention(Ops ops, Tensor x, KvCache.None none) {
        var rope = new RopeTable(HEAD_DIM, 10_000, 1);
        long[] positions = none.positions(x.dim(0));
        var shape = new AttentionShape(HEADS, HEADS, HEAD_DIM, (float) (1 / Math.sqrt(HEAD_DIM)), 0);
        Tensor rotatedQ = ops.rope(ops.project(x, q), rope, positions);
        Tensor rotatedK = ops.rope(ops.project(x, k), rope, positions);
        var spec = new AttentionSpec(shape, Mask.full());
        return ops.project(ops.attention(rotatedQ, rotatedK, ops.project(x, v), spec, none.layer(0)), o);
    }

    private Tensor convolve(Ops ops, Tensor x) {
        var c = convolution;
        Tensor gated = ops.glu(ops.project(ops.layerNorm(x, c.norm(), zeros, EPS), c.in()));
        Tensor convolved = ops.depthwiseConv1d(gated, c.taps(), (TAPS - 1) / 2);
        Tensor normed = ops.batchNorm(convolved, c.statistics(), c.weight(), c.bias());
        return ops.project(ops.activate(Activation.SILU, normed), c.out());
    }
}
