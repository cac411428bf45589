package konsil.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import konsil.tensor.BadInputException;

/**
 * A published shape, for measuring without the published weights: names and sizes of all tensors, configuration.
 *
 * @param tensors shape by name, as in the published files
 * @param config text of config.json
 */
record ModelShape(String name, SequencedMap<String, List<Long>> tensors, String config) {
    private static final String MEDGEMMA_4B = "medgemma-1.5-4b";
    private static final Vision MEDSIGLIP = new Vision(1152, 27, 16, 4304, 896);

    /** Three of its layers, and one of its tower. */
    private static final String SLICE = "medgemma-1.5-4b-slice";

    /** Whether there are aims for it; the larger shapes and the small one are for trying out. */
    boolean published() {
        return name.equals(MEDGEMMA_4B);
    }

    /** @throws BadInputException naming the shapes there are */
    static ModelShape named(String name) {
        return switch (name) {
            case MEDGEMMA_4B -> medgemma(name, new Text(2560, 34, 8, 4, 256, 10240), MEDSIGLIP);
            case "gemma-3-12b" -> medgemma(name, new Text(3840, 48, 16, 8, 256, 15360), MEDSIGLIP);
            case "medgemma-27b" -> medgemma(name, new Text(5376, 62, 32, 16, 128, 21504).scaledBy(168), MEDSIGLIP);
            case SLICE -> medgemma(name, new Text(2560, 3, 8, 4, 256, 10240), new Vision(1152, 1, 16, 4304, 896));
            case "tiny" -> medgemma(name, new Text(128, 6, 4, 2, 64, 256), new Vision(64, 2, 4, 128, 224));
            default ->
                throw new BadInputException(
                        "--shape: want %s, gemma-3-12b, medgemma-27b or tiny, got %s".formatted(MEDGEMMA_4B, name));
        };
    }

    /** A text model alone, small enough to be trained whole on a laptop. */
    static ModelShape pocketText() {
        var text = new Text(192, 4, 4, 2, 48, 768, 2000, 48);
        var tensors = new LinkedHashMap<String, List<Long>>();
        text.addTo(tensors);
        String config = text.json().replaceFirst("\\{", "{\"architectures\": [\"Gemma3ForCausalLM\"], ");
        return new ModelShape("pocket text", tensors, config);
    }

    private record Text(
            long hidden,
            int layers,
            long heads,
            long kvHeads,
            long headDim,
            long intermediate,
            long vocabulary,
            long scale) {
        static final long WORDS = 262_208;

        Text(long hidden, int layers, long heads, long kvHeads, long headDim, long intermediate) {
            this(hidden, layers, heads, kvHeads, headDim, intermediate, WORDS, headDim);
        }

        /** The same with another query_pre_attn_scalar. */
        Text scaledBy(long other) {
            return new Text(hidden, layers, heads, kvHeads, headDim, intermediate, vocabulary, other);
        }

        String json() {
            return """
                    {"model_type": "gemma3_text", "vocab_size": %7$d, "hidden_size": %1$d, "intermediate_size": %2$d,
                     "num_hidden_layers": %3$d, "num_attention_heads": %4$d, "num_key_value_heads": %5$d,
                     "head_dim": %6$d, "query_pre_attn_scalar": %8$d,
                     "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
                     "sliding_window": 1024}""".formatted(sizes());
        }

        private Object[] sizes() {
            return new Object[] {hidden, intermediate, layers, heads, kvHeads, headDim, vocabulary, scale};
        }

        void addTo(SequencedMap<String, List<Long>> tensors) {
            String model = "language_model.model.";
            tensors.put(model + "embed_tokens.weight", List.of(vocabulary(), hidden));
            for (int layer = 0; layer < layers; layer++) {
                String prefix = model + "layers." + layer + ".";
                tensors.put(prefix + "input_layernorm.weight", List.of(hidden));
                tensors.put(prefix + "self_attn.q_proj.weight", List.of(heads * headDim, hidden));
                tensors.put(prefix + "self_attn.k_proj.weight", List.of(kvHeads * headDim, hidden));
                tensors.put(prefix + "self_attn.v_proj.weight", List.of(kvHeads * headDim, hidden));
                tensors.put(prefix + "self_attn.o_proj.weight", List.of(hidden, heads * headDim));
                tensors.put(prefix + "self_attn.q_norm.weight", List.of(headDim));
                tensors.put(prefix + "self_attn.k_norm.weight", List.of(headDim));
                tensors.put(prefix + "post_attention_layernorm.weight", List.of(hidden));
                tensors.put(prefix + "pre_feedforward_layernorm.weight", List.of(hidden));
                tensors.put(prefix + "mlp.gate_proj.weight", List.of(intermediate, hidden));
                tensors.put(prefix + "mlp.up_proj.weight", List.of(intermediate, hidden));
                tensors.put(prefix + "mlp.down_proj.weight", List.of(hidden, intermediate));
                tensors.put(prefix + "post_feedforward_layernorm.weight", List.of(hidden));
            }
            tensors.put(model + "norm.weight", List.of(hidden));
        }
    }

    private static ModelShape medgemma(String name, Text text, Vision vision) {
        var tensors = new LinkedHashMap<String, List<Long>>();
        text.addTo(tensors);
        vision.addTo(tensors);
        tensors.put("multi_modal_projector.mm_input_projection_weight", List.of(vision.hidden(), text.hidden()));
        tensors.put("multi_modal_projector.mm_soft_emb_norm.weight", List.of(vision.hidden()));
        String config = """
                {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3",
                 "boi_token_index": 255999, "eoi_token_index": 256000, "image_token_index": 262144,
                 "mm_tokens_per_image": 256, "eos_token_id": [1, 106], "torch_dtype": "bfloat16",
                 "text_config": %s,
                 "vision_config": %s}
                """.formatted(text.json(), vision.json());
        return new ModelShape(name, tensors, config);
    }

    private record Vision(long hidden, int layers, int heads, long intermediate, int imageSize) {
        String json() {
            return """
                    {"model_type": "siglip_vision_model", "hidden_size": %d, "image_size": %d,
                      "intermediate_size": %d, "num_attention_heads": %d, "num_hidden_layers": %d, "patch_size": 14,
                      "vision_use_head": false}""".formatted(hidden, imageSize, intermediate, heads, layers);
        }

        void addTo(SequencedMap<String, List<Long>> tensors) {
            String vision = "vision_tower.vision_model.";
            long side = imageSize / 14;
            put(tensors, vision + "embeddings.patch_embedding", List.of(hidden, 3L, 14L, 14L));
            tensors.put(vision + "embeddings.position_embedding.weight", List.of(side * side, hidden));
            for (int layer = 0; layer < layers; layer++) {
                String prefix = vision + "encoder.layers." + layer + ".";
                put(tensors, prefix + "layer_norm1", List.of(hidden));
                put(tensors, prefix + "layer_norm2", List.of(hidden));
                for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                    put(tensors, prefix + "self_attn." + projection, List.of(hidden, hidden));
                }
                put(tensors, prefix + "mlp.fc1", List.of(intermediate, hidden));
                put(tensors, prefix + "mlp.fc2", List.of(hidden, intermediate));
            }
            put(tensors, vision + "post_layernorm", List.of(hidden));
        }
    }

    /** A weight and a bias with as many numbers as the weight has rows. */
    private static void put(SequencedMap<String, List<Long>> tensors, String name, List<Long> shape) {
        tensors.put(name + ".weight", shape);
        tensors.put(name + ".bias", List.of(shape.getFirst()));
    }
}
