package konsil.medgemma;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import konsil.kernel.Activation;
import konsil.medgemma.WorkingFormat.Part;
import konsil.tensor.KvCache;
import konsil.tensor.Ops;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;

/**
 * The SigLIP image encoder without its pooling head (arXiv:2303.15343; transformers modeling_siglip.py): pixels in, one
 * vector for each patch out.
 *
 * @param patchEmbedding 3 * patchSize^2 to hiddenSize
 * @param positionEmbedding (patches, hiddenSize)
 */
public record SiglipVision(
        VisionConfig config, Biased patchEmbedding, Tensor positionEmbedding, List<Block> layers, Norm postLayernorm) {
    public SiglipVision {
        layers = List.copyOf(layers);
    }

    /** A layer norm with its bias. */
    public record Norm(Tensor weight, Tensor bias) {}

    /** A matrix with its bias. */
    public record Biased(Projection weight, Tensor bias) {}

    /** One encoder layer. */
    public record Block(Norm layerNorm1, Attention selfAttn, Norm layerNorm2, Biased fc1, Biased fc2) {}

    /** Attention of every patch to every patch. */
    public record Attention(Biased qProj, Biased kProj, Biased vProj, Biased outProj) {}

    /**
     * The whole tower.
     *
     * @param image (3, imageSize, imageSize), -1 to 1
     * @param none how keys and values are rounded on the way
     * @return (patches, hiddenSize), row by row
     */
    public Tensor forward(Ops ops, Tensor image, KvCache.None none) {
        Tensor x = ops.add(project(ops, ops.patches(image, config.patchSize()), patchEmbedding), positionEmbedding);
        // two links for each layer, so that neither half holds what the other needs
        Tensor y = ops.chain(x, 2 * layers.size(), (i, hidden) -> {
            Block b = layers.get(i / 2);
            return i % 2 == 0 ? attend(ops, b, hidden, none) : feed(ops, b, hidden);
        });
        return norm(ops, y, postLayernorm);
    }

    private Tensor attend(Ops ops, Block b, Tensor x, KvCache.None none) {
        Attention a = b.selfAttn();
        Tensor normed = norm(ops, x, b.layerNorm1());
        Tensor q = project(ops, normed, a.qProj());
        Tensor k = project(ops, normed, a.kProj());
        Tensor v = project(ops, normed, a.vProj());
        Tensor attended = ops.attention(q, k, v, config.attention(), none.layer(0));
        return ops.add(x, project(ops, attended, a.outProj()));
    }

    private Tensor feed(Ops ops, Block b, Tensor x) {
        Tensor inner = project(ops, norm(ops, x, b.layerNorm2()), b.fc1());
        return ops.add(x, project(ops, ops.activate(Activation.GELU_TANH, inner), b.fc2()));
    }

    private Tensor norm(Ops ops, Tensor x, Norm norm) {
        return ops.layerNorm(x, norm.weight(), norm.bias(), (float) config.layerNormEps());
    }

    private static Tensor project(Ops ops, Tensor x, Biased biased) {
        return ops.addBias(ops.project(x, biased.weight()), biased.bias());
    }

    /**
     * The same network with other matrices in its layers; the patch embedding stays.
     *
     * @param adapting by names as in the checkpoint, "encoder.layers.3.self_attn.q_proj"
     */
    public SiglipVision adapted(GemmaText.Adapting adapting) {
        var changed = new ArrayList<Block>();
        for (int layer = 0; layer < layers.size(); layer++) {
            changed.add(adapted(layers.get(layer), "encoder.layers." + layer, adapting));
        }
        return new SiglipVision(config, patchEmbedding, positionEmbedding, changed, postLayernorm);
    }

    private static Block adapted(Block b, String name, GemmaText.Adapting adapting) {
        var a = b.selfAttn();
        return new Block(
                b.layerNorm1(),
                new Attention(
                        adapted(a.qProj(), name + ".self_attn.q_proj", adapting),
                        adapted(a.kProj(), name + ".self_attn.k_proj", adapting),
                        adapted(a.vProj(), name + ".self_attn.v_proj", adapting),
                        adapted(a.outProj(), name + ".self_attn.out_proj", adapting)),
                b.layerNorm2(),
                adapted(b.fc1(), name + ".mlp.fc1", adapting),
                adapted(b.fc2(), name + ".mlp.fc2", adapting));
    }

    private static Biased adapted(Biased matrix, String name, GemmaText.Adapting adapting) {
        return new Biased(adapting.adapt(name, matrix.weight()), matrix.bias());
    }

    /** Asks for everything; what is returned takes the data. */
    static Supplier<SiglipVision> load(NetworkWeights w, VisionConfig c) {
        int hidden = c.hiddenSize();
        var embeddings = w.in("embeddings");
        var patchEmbedding =
                biased(embeddings, "patch_embedding", hidden, VisionConfig.CHANNELS, c.patchSize(), c.patchSize());
        var positionEmbedding = embeddings.values("position_embedding.weight", c.patches(), hidden);
        var layers = new ArrayList<Supplier<Block>>();
        for (int layer = 0; layer < c.layers(); layer++) {
            layers.add(loadBlock(w.in("encoder").in("layers", layer), c));
        }
        var postLayernorm = norm(w, "post_layernorm", hidden);
        return () -> new SiglipVision(
                c,
                patchEmbedding.get(),
                positionEmbedding.get(),
                layers.stream().map(Supplier::get).toList(),
                postLayernorm.get());
    }

    private static Supplier<Block> loadBlock(NetworkWeights w, VisionConfig c) {
        int hidden = c.hiddenSize();
        var layerNorm1 = norm(w, "layer_norm1", hidden);
        var q = biased(w, "self_attn.q_proj", hidden, hidden);
        var k = biased(w, "self_attn.k_proj", hidden, hidden);
        var v = biased(w, "self_attn.v_proj", hidden, hidden);
        var out = biased(w, "self_attn.out_proj", hidden, hidden);
        var layerNorm2 = norm(w, "layer_norm2", hidden);
        var fc1 = biased(w, "mlp.fc1", c.intermediateSize(), hidden);
        var fc2 = biased(w, "mlp.fc2", hidden, c.intermediateSize());
        return () -> new Block(
                layerNorm1.get(),
                new Attention(q.get(), k.get(), v.get(), out.get()),
                layerNorm2.get(),
                fc1.get(),
                fc2.get());
    }

    private static Supplier<Norm> norm(NetworkWeights w, String name, int size) {
        var weight = w.values(name + ".weight", size);
        var bias = w.values(name + ".bias", size);
        return () -> new Norm(weight.get(), bias.get());
    }

    /** @param shape of the matrix, out first */
    private static Supplier<Biased> biased(NetworkWeights w, String name, long... shape) {
        var part = shape.length == 2 ? Part.IMAGE : Part.PIXELS;
        var weight = w.projection(name + ".weight", part, shape);
        var bias = w.values(name + ".bias", shape[0]);
        return () -> new Biased(weight.get(), bias.get());
    }
}
