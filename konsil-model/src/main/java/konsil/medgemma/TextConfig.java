package konsil.medgemma;

import java.util.List;
import konsil.kernel.AttentionShape;
import konsil.kernel.WeightFormat;
import konsil.model.ConfigChecks;
import konsil.tensor.AttentionSpec;
import konsil.tensor.BadInputException;
import konsil.tensor.KvPlan;
import konsil.tensor.Mask;
import konsil.tensor.RopeTable;

/**
 * Sizes and constants of a Gemma 3 text decoder. The names are those of config.json (transformers
 * configuration_gemma3.py).
 *
 * @param vocabSize rows of the embedding, used or not
 * @param layers what each layer sees, first layer first
 * @param slidingWindow tokens that a sliding layer sees to the left, the token itself included
 * @param queryPreAttnScalar scores are divided by its square root
 * @param attnSoftCap scores s become cap * tanh(s / cap) before the softmax; 0 for none
 * @param finalSoftCap the same for logits; 0 for none
 * @param globalRope positions on global layers
 * @param localRope positions on sliding layers
 * @param embeddingFactor on every word's row of the embedding; soft tokens are not scaled
 * @param tied whether the embedding is also the output matrix
 * @param maxPositions longest sequence that the checkpoint was made for
 */
public record TextConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int heads,
        int kvHeads,
        int headDim,
        List<Layer> layers,
        int slidingWindow,
        double queryPreAttnScalar,
        double attnSoftCap,
        double finalSoftCap,
        RopeTable globalRope,
        RopeTable localRope,
        double rmsNormEps,
        float embeddingFactor,
        boolean tied,
        long maxPositions) {
    /** What a layer sees. */
    public enum Layer {
        /** Everything before a token. */
        GLOBAL,
        /** The last {@code slidingWindow} tokens. */
        SLIDING
    }

    private static final int MOST_LAYERS = 1_000;

    /** @throws BadInputException that names the field, when sizes contradict each other */
    public TextConfig {
        layers = List.copyOf(layers);
        ConfigChecks.size("vocab_size", vocabSize);
        ConfigChecks.size("hidden_size", hiddenSize);
        ConfigChecks.size("intermediate_size", intermediateSize);
        ConfigChecks.size("num_attention_heads", heads);
        ConfigChecks.size("num_key_value_heads", kvHeads);
        ConfigChecks.size("head_dim", headDim);
        ConfigChecks.size("sliding_window", slidingWindow);
        ConfigChecks.that(
                heads % kvHeads == 0,
                "num_attention_heads %d is not a multiple of num_key_value_heads %d".formatted(heads, kvHeads));
        ConfigChecks.that(
                !layers.isEmpty() && layers.size() <= MOST_LAYERS,
                "num_hidden_layers: want 1 to %d, got %d".formatted(MOST_LAYERS, layers.size()));
        ConfigChecks.positive("query_pre_attn_scalar", queryPreAttnScalar);
        ConfigChecks.positive("rms_norm_eps", rmsNormEps);
        ConfigChecks.that(
                maxPositions > 0, "max_position_embeddings: want a number above 0, got %d".formatted(maxPositions));
        ConfigChecks.that(attnSoftCap >= 0 && finalSoftCap >= 0, "logit_softcapping: want a number above 0");
    }

    /** Columns of the queries of all heads. */
    public int queryCols() {
        return heads * headDim;
    }

    /** Columns of the keys, and of the values, of all heads. */
    public int keyCols() {
        return kvHeads * headDim;
    }

    RopeTable rope(int layer) {
        return layers.get(layer) == Layer.GLOBAL ? globalRope : localRope;
    }

    /** @param mask of the whole sequence, without a window */
    AttentionSpec attention(int layer, Mask mask) {
        float scale = (float) (1 / Math.sqrt(queryPreAttnScalar));
        var shape = new AttentionShape(heads, kvHeads, headDim, scale, (float) attnSoftCap);
        return new AttentionSpec(shape, layers.get(layer) == Layer.GLOBAL ? mask : mask.window(slidingWindow));
    }

    /**
     * The cache that a sequence needs: rings for sliding layers, everything for global ones.
     *
     * @param format F32, BF16 or Q8_0
     * @param maxPositions tokens of the longest sequence
     * @param maxChunk the most tokens that are run at once
     */
    public KvPlan cache(WeightFormat format, long maxPositions, int maxChunk) {
        var windows = layers.stream()
                .map(layer -> layer == Layer.GLOBAL ? KvPlan.EVERYTHING : slidingWindow)
                .toList();
        return new KvPlan(windows, kvHeads, headDim, format, maxPositions, maxChunk);
    }

    /**
     * The same with rotary angles rounded as {@link RopeTable#coarse()} says: to compare with values of a transformers
     * model that was moved to bf16 and back. Not for use.
     */
    public TextConfig coarseAngles() {
        return with(
                new RopeTable(headDim, globalRope.theta(), globalRope.factor(), true),
                new RopeTable(headDim, localRope.theta(), localRope.factor(), true),
                embeddingFactor);
    }

    /**
     * The same with another factor of words: to compare with values of a model that holds it in another type. Not for
     * use.
     */
    public TextConfig withEmbeddingFactor(float other) {
        return with(globalRope, localRope, other);
    }

    private TextConfig with(RopeTable global, RopeTable local, float factor) {
        return new TextConfig(
                vocabSize,
                hiddenSize,
                intermediateSize,
                heads,
                kvHeads,
                headDim,
                layers,
                slidingWindow,
                queryPreAttnScalar,
                attnSoftCap,
                finalSoftCap,
                global,
                local,
                rmsNormEps,
                factor,
                tied,
                maxPositions);
    }
}
