package konsil.medgemma;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Names and shapes of all tensors of a configuration, as Google's folders have them (transformers Gemma 3, 4.x). */
public final class TensorShapes {
    private final SequencedMap<String, List<Long>> tensors = new LinkedHashMap<>();

    private TensorShapes() {}

    /** Shape by name, outermost size first. A model with images has the prefixes of one; a tied head is left out. */
    public static SequencedMap<String, List<Long>> of(MedGemmaConfig config) {
        var shapes = new TensorShapes();
        String prefix = config.images().isPresent() ? "language_model." : "";
        shapes.text(prefix + "model.", config.text());
        if (!config.text().tied()) {
            shapes.put(
                    prefix + "lm_head", config.text().vocabSize(), config.text().hiddenSize());
        }
        config.images()
                .ifPresent(
                        images -> shapes.images(images.vision(), config.text().hiddenSize()));
        return shapes.tensors;
    }

    private void text(String model, TextConfig c) {
        long hidden = c.hiddenSize();
        put(model + "embed_tokens", c.vocabSize(), hidden);
        for (int layer = 0; layer < c.layers().size(); layer++) {
            String block = model + "layers." + layer + ".";
            put(block + "input_layernorm", hidden);
            put(block + "self_attn.q_proj", (long) c.heads() * c.headDim(), hidden);
            put(block + "self_attn.k_proj", (long) c.kvHeads() * c.headDim(), hidden);
            put(block + "self_attn.v_proj", (long) c.kvHeads() * c.headDim(), hidden);
            put(block + "self_attn.o_proj", hidden, (long) c.heads() * c.headDim());
            put(block + "self_attn.q_norm", c.headDim());
            put(block + "self_attn.k_norm", c.headDim());
            put(block + "post_attention_layernorm", hidden);
            put(block + "pre_feedforward_layernorm", hidden);
            put(block + "mlp.gate_proj", c.intermediateSize(), hidden);
            put(block + "mlp.up_proj", c.intermediateSize(), hidden);
            put(block + "mlp.down_proj", hidden, c.intermediateSize());
            put(block + "post_feedforward_layernorm", hidden);
        }
        put(model + "norm", hidden);
    }

    private void images(VisionConfig c, long textHidden) {
        String tower = "vision_tower.vision_model.";
        long hidden = c.hiddenSize();
        long patch = c.patchSize();
        withBias(tower + "embeddings.patch_embedding", hidden, VisionConfig.CHANNELS, patch, patch);
        put(tower + "embeddings.position_embedding", c.patches(), hidden);
        for (int layer = 0; layer < c.layers(); layer++) {
            String block = tower + "encoder.layers." + layer + ".";
            withBias(block + "layer_norm1", hidden);
            withBias(block + "layer_norm2", hidden);
            for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                withBias(block + "self_attn." + projection, hidden, hidden);
            }
            withBias(block + "mlp.fc1", c.intermediateSize(), hidden);
            withBias(block + "mlp.fc2", hidden, c.intermediateSize());
        }
        withBias(tower + "post_layernorm", hidden);
        tensors.put("multi_modal_projector.mm_input_projection_weight", List.of(hidden, textHidden));
        put("multi_modal_projector.mm_soft_emb_norm", hidden);
    }

    private void put(String name, long... shape) {
        tensors.put(name + ".weight", Arrays.stream(shape).boxed().toList());
    }

    /** A weight and a bias with as many numbers as the weight has rows. */
    private void withBias(String name, long... shape) {
        put(name, shape);
        tensors.put(name + ".bias", List.of(shape[0]));
    }
}
