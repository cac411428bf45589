package konsil.tensor.nets;

import konsil.kernel.Activation;
import konsil.kernel.AttentionShape;
import konsil.tensor.AttentionSpec;
import konsil.tensor.KvCache;
import konsil.tensor.Mask;
import konsil.tensor.Ops;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;

/** One block of a vision tower, the projector, and soft tokens among words, in the shape of MedGemma. */
public record TinyVision(
        Projection patchEmbedding,
        Tensor patchBias,
        Tensor positions,
        Tensor norm,
        Tensor normBias,
        Projection q,
        Projection k,
        Projection v,
        Projection o,
        Tensor softNorm,
        Projection projector,
        Tensor words) {
    private static final int PATCH = 4;
    private static final int SIDE = 4;
    private static final int HEADS = 2;
    private static final int HEAD_DIM = 9;
    private static final int DIM = HEADS * HEAD_DIM;
    private static final float EPS = 1e-6f;

    public static TinyVision random(TinyWeights w, int textDim, int vocabulary) {
        return new TinyVision(
                w.frozen(DIM, 3 * PATCH * PATCH),
                w.values(DIM),
                w.trained(w.values(SIDE * SIDE, DIM)),
                w.norm(DIM),
                w.values(DIM),
                w.frozen(DIM, DIM),
                w.adapted(DIM, DIM, 2),
                w.frozen(DIM, DIM),
                w.frozen(DIM, DIM),
                w.norm(DIM),
                w.adapted(textDim, DIM, 2),
                w.trained(w.values(vocabulary, textDim)));
    }

    /**
     * Words with the image among them.
     *
     * @param image (3, 16, 16)
     * @param ids words, in whose rows from {@code firstSoft} on the four soft tokens go
     * @return (ids, textDim)
     */
    public Tensor embed(Ops ops, Tensor image, int[] ids, int firstSoft, KvCache.None none) {
        Tensor x = ops.addBias(ops.project(ops.patches(image, PATCH), patchEmbedding), patchBias);
        x = ops.add(x, positions);
        Tensor normed = ops.layerNorm(x, norm, normBias, EPS);
        var shape = new AttentionShape(HEADS, HEADS, HEAD_DIM, (float) (1 / Math.sqrt(HEAD_DIM)), 0);
        var spec = new AttentionSpec(shape, Mask.full());
        Tensor attended = ops.attention(
                ops.project(normed, q), ops.project(normed, k), ops.project(normed, v), spec, none.layer(0));
        x = ops.add(x, ops.activate(Activation.GELU_TANH, ops.project(attended, o)));
        Tensor soft = ops.project(ops.rmsNorm(ops.averagePool(x, 2), softNorm, EPS), projector);
        int[] rows = {firstSoft, firstSoft + 1, firstSoft + 2, firstSoft + 3};
        return ops.scatterRows(ops.embed(ids, words, 4.5f), rows, soft);
    }
}
