package konsil.medgemma;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import konsil.kernel.Activation;
import konsil.medgemma.WorkingFormat.Part;
import konsil.tensor.Ops;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;

/**
 * The Gemma 3 decoder (arXiv:2503.19786; transformers modeling_gemma3.py): soft tokens and words in, logits out.
 *
 * @param embedTokens (vocabSize, hiddenSize)
 * @param norm (hiddenSize)
 * @param head hiddenSize to vocabSize, the embedding itself where it is tied
 * @param minusSoftCap (vocabSize) of the final soft cap, negated; empty where there is none
 */
public record GemmaText(
        TextConfig config,
        Tensor embedTokens,
        List<Block> layers,
        Tensor norm,
        Projection head,
        Optional<Tensor> minusSoftCap) {
    public GemmaText {
        layers = List.copyOf(layers);
    }

    /** One decoder layer. The weights of norms are as they are multiplied by, the one included. */
    public record Block(
            Tensor inputLayernorm,
            Attention selfAttn,
            Tensor postAttentionLayernorm,
            Tensor preFeedforwardLayernorm,
            FeedForward mlp,
            Tensor postFeedforwardLayernorm) {}

    /**
     * Grouped attention.
     *
     * @param qNorm (headDim), one for all heads
     * @param kNorm same
     */
    public record Attention(
            Projection qProj, Projection kProj, Projection vProj, Projection oProj, Tensor qNorm, Tensor kNorm) {}

    /** The gated feed-forward network (GeGLU). */
    public record FeedForward(Projection gateProj, Projection upProj, Projection downProj) {}

    /**
     * Rows of words, scaled; the rows of soft tokens are put among them without it.
     *
     * @return (ids, hiddenSize)
     */
    public Tensor embed(Ops ops, int[] ids) {
        return ops.embed(ids, embedTokens, config.embeddingFactor());
    }

    /**
     * All layers and the last norm. Caches of the batch move on.
     *
     * @param x (tokens, hiddenSize)
     * @return same shape
     */
    public Tensor forward(Ops ops, Tensor x, Batch batch) {
        Tensor y = ops.chain(x, layers.size(), (layer, hidden) -> block(ops, layer, hidden, batch));
        batch.advance();
        return rmsNorm(ops, y, norm);
    }

    /**
     * One layer; the same again when it is run again before the caches move on.
     *
     * @param x (tokens, hiddenSize)
     * @return same shape
     */
    public Tensor block(Ops ops, int layer, Tensor x, Batch batch) {
        Block b = layers.get(layer);
        Tensor attended = attention(ops, layer, rmsNorm(ops, x, b.inputLayernorm()), batch);
        Tensor h = ops.add(x, rmsNorm(ops, attended, b.postAttentionLayernorm()));
        Tensor fed = feedForward(ops, b.mlp(), rmsNorm(ops, h, b.preFeedforwardLayernorm()));
        return ops.add(h, rmsNorm(ops, fed, b.postFeedforwardLayernorm()));
    }

    private Tensor attention(Ops ops, int layer, Tensor x, Batch batch) {
        Attention a = layers.get(layer).selfAttn();
        var rope = config.rope(layer);
        long[] positions = batch.positions();
        Tensor q = ops.rope(rmsNorm(ops, ops.project(x, a.qProj()), a.qNorm()), rope, positions);
        Tensor k = ops.rope(rmsNorm(ops, ops.project(x, a.kProj()), a.kNorm()), rope, positions);
        Tensor v = ops.project(x, a.vProj());
        var rotated = new Batch.Rotated(q, k, v);
        return ops.project(batch.attention(ops, rotated, layer, mask -> config.attention(layer, mask)), a.oProj());
    }

    private static Tensor feedForward(Ops ops, FeedForward f, Tensor x) {
        Tensor gated = ops.gate(Activation.GELU_TANH, ops.project(x, f.gateProj()), ops.project(x, f.upProj()));
        return ops.project(gated, f.downProj());
    }

    private Tensor rmsNorm(Ops ops, Tensor x, Tensor weight) {
        return ops.rmsNorm(x, weight, (float) config.rmsNormEps());
    }

    /**
     * One number for each entry of the vocabulary.
     *
     * @param hidden (rows, hiddenSize), rows of what {@link #forward} returned
     * @return (rows, vocabSize)
     */
    public Tensor logits(Ops ops, Tensor hidden) {
        Tensor logits = ops.project(hidden, head);
        return minusSoftCap.map(minusCap -> capped(ops, logits, minusCap)).orElse(logits);
    }

    /** cap * tanh(x / cap), as 2 cap * sigmoid(2 x / cap) - cap: the ops have no tanh. */
    private Tensor capped(Ops ops, Tensor logits, Tensor minusCap) {
        float cap = (float) config.finalSoftCap();
        Tensor sigmoid = ops.activate(Activation.SIGMOID, ops.scale(logits, 2 / cap));
        return ops.addBias(ops.scale(sigmoid, 2 * cap), minusCap);
    }

    /** A way to change a network's matrices, to put adapters on them. */
    @FunctionalInterface
    public interface Adapting {
        /** @param name as in the checkpoint, "layers.3.self_attn.q_proj" */
        Projection adapt(String name, Projection projection);
    }

    /** The same network with other matrices in its layers; embedding and output stay. */
    public GemmaText adapted(Adapting adapting) {
        var changed = new ArrayList<Block>();
        for (int layer = 0; layer < layers.size(); layer++) {
            changed.add(adapted(layers.get(layer), "layers." + layer, adapting));
        }
        return new GemmaText(config, embedTokens, changed, norm, head, minusSoftCap);
    }

    /** The same matrices with other constants. */
    GemmaText with(TextConfig other) {
        return new GemmaText(other, embedTokens, layers, norm, head, minusSoftCap);
    }

    private static Block adapted(Block b, String name, Adapting adapting) {
        var a = b.selfAttn();
        var f = b.mlp();
        return new Block(
                b.inputLayernorm(),
                new Attention(
                        adapting.adapt(name + ".self_attn.q_proj", a.qProj()),
                        adapting.adapt(name + ".self_attn.k_proj", a.kProj()),
                        adapting.adapt(name + ".self_attn.v_proj", a.vProj()),
                        adapting.adapt(name + ".self_attn.o_proj", a.oProj()),
                        a.qNorm(),
                        a.kNorm()),
                b.postAttentionLayernorm(),
                b.preFeedforwardLayernorm(),
                new FeedForward(
                        adapting.adapt(name + ".mlp.gate_proj", f.gateProj()),
                        adapting.adapt(name + ".mlp.up_proj", f.upProj()),
                        adapting.adapt(name + ".mlp.down_proj", f.downProj())),
                b.postFeedforwardLayernorm());
    }

    /**
     * Asks for everything; what is returned takes the data.
     *
     * @param head where the output matrix lies; empty when the embedding is it
     */
    static Supplier<GemmaText> load(NetworkWeights w, Optional<Supplier<Projection>> head, TextConfig c) {
        var embedTokens = w.embedding("embed_tokens.weight", c.vocabSize(), c.hiddenSize());
        var layers = new ArrayList<Supplier<Block>>();
        for (int layer = 0; layer < c.layers().size(); layer++) {
            layers.add(loadBlock(w.in("layers", layer), c));
        }
        var norm = w.rmsNorm("norm.weight", c.hiddenSize());
        Optional<Supplier<Tensor>> minusCap = c.finalSoftCap() > 0
                ? Optional.of(w.constant((float) -c.finalSoftCap(), c.vocabSize()))
                : Optional.empty();
        return () -> {
            Tensor table = embedTokens.get();
            var blocks = layers.stream().map(Supplier::get).toList();
            var output = head.map(Supplier::get).orElseGet(() -> Projection.of(table));
            return new GemmaText(c, table, blocks, norm.get(), output, minusCap.map(Supplier::get));
        };
    }

    private static Supplier<Block> loadBlock(NetworkWeights w, TextConfig c) {
        int hidden = c.hiddenSize();
        var inputLayernorm = w.rmsNorm("input_layernorm.weight", hidden);
        var selfAttn = loadAttention(w.in("self_attn"), c);
        var postAttentionLayernorm = w.rmsNorm("post_attention_layernorm.weight", hidden);
        var preFeedforwardLayernorm = w.rmsNorm("pre_feedforward_layernorm.weight", hidden);
        var gate = w.projection("mlp.gate_proj.weight", Part.TEXT, c.intermediateSize(), hidden);
        var up = w.projection("mlp.up_proj.weight", Part.TEXT, c.intermediateSize(), hidden);
        var down = w.projection("mlp.down_proj.weight", Part.TEXT, hidden, c.intermediateSize());
        var postFeedforwardLayernorm = w.rmsNorm("post_feedforward_layernorm.weight", hidden);
        return () -> new Block(
                inputLayernorm.get(),
                selfAttn.get(),
                postAttentionLayernorm.get(),
                preFeedforwardLayernorm.get(),
                new FeedForward(gate.get(), up.get(), down.get()),
                postFeedforwardLayernorm.get());
    }

    private static Supplier<Attention> loadAttention(NetworkWeights w, TextConfig c) {
        var q = w.projection("q_proj.weight", Part.TEXT, c.queryCols(), c.hiddenSize());
        var k = w.projection("k_proj.weight", Part.TEXT, c.keyCols(), c.hiddenSize());
        var v = w.projection("v_proj.weight", Part.TEXT, c.keyCols(), c.hiddenSize());
        var o = w.projection("o_proj.weight", Part.TEXT, c.hiddenSize(), c.queryCols());
        var qNorm = w.rmsNorm("q_norm.weight", c.headDim());
        var kNorm = w.rmsNorm("k_norm.weight", c.headDim());
        return () -> new Attention(q.get(), k.get(), v.get(), o.get(), qNorm.get(), kNorm.get());
    }
}
