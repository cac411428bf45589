package konsil.medgemma;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import konsil.tensor.file.Checkpoint;

/**
 * The names of tensors as the published checkpoints have them ({@code language_model.model.layers.0...}), made of
 * whichever names a file has. What is not known keeps its name and will be reported as never read.
 */
final class TensorNames {
    static final String TEXT = "language_model.model";
    static final String EMBEDDING = TEXT + ".embed_tokens.weight";
    static final String HEAD = "language_model.lm_head.weight";
    static final String VISION = "vision_tower.vision_model";
    static final String PROJECTOR = "multi_modal_projector";

    /** Wrappings that training tools leave in a saved model. */
    private static final List<String> WRAPPERS = List.of("base_model.model.", "base_model.");

    /** Prefix in the file, prefix here; the first that fits counts. */
    private static final List<Map.Entry<String, String>> PREFIXES = List.of(
            Map.entry("model.language_model.", TEXT + "."),
            Map.entry("model.vision_tower.vision_model.", VISION + "."),
            Map.entry("model.vision_tower.", VISION + "."),
            Map.entry("model.multi_modal_projector.", PROJECTOR + "."),
            Map.entry("language_model.model.", TEXT + "."),
            Map.entry("language_model.lm_head.", "language_model.lm_head."),
            Map.entry("language_model.", TEXT + "."),
            Map.entry("vision_tower.vision_model.", VISION + "."),
            Map.entry("vision_tower.", VISION + "."),
            Map.entry("lm_head.", "language_model.lm_head."),
            Map.entry("model.", TEXT + "."));

    private TensorNames() {}

    /** What a network asks for, by what this checkpoint calls it. */
    static UnaryOperator<String> of(Checkpoint checkpoint) {
        return MedGemmaConfig.gguf(checkpoint) ? name -> ofGguf(name, checkpoint) : TensorNames::ofHuggingFace;
    }

    /** Buffers that some versions of transformers saved; what they hold follows from the configuration. */
    static boolean inert(String name) {
        return name.endsWith(".rotary_emb.inv_freq")
                || name.endsWith(".embeddings.position_ids")
                || name.startsWith(VISION + ".head.");
    }

    static String ofHuggingFace(String name) {
        String bare = name.replace(".base_layer.", ".").replace(".modules_to_save.default.", ".");
        for (String wrapper : WRAPPERS) {
            if (bare.startsWith(wrapper)) {
                bare = bare.substring(wrapper.length());
            }
        }
        for (var prefix : PREFIXES) {
            if (bare.startsWith(prefix.getKey())) {
                return prefix.getValue() + bare.substring(prefix.getKey().length());
            }
        }
        return bare;
    }

    private static String ofGguf(String name, Checkpoint checkpoint) {
        String[] parts = name.split("\\.", -1);
        if (parts.length == 4 && parts[0].equals("blk")) {
            String leaf = textLeaf(parts[2]);
            return leaf.isEmpty() ? name : "%s.layers.%s.%s.%s".formatted(TEXT, parts[1], leaf, parts[3]);
        }
        if (parts.length == 5 && parts[0].equals("v") && parts[1].equals("blk")) {
            String leaf = visionLeaf(name, parts[3], checkpoint);
            return leaf.isEmpty() ? name : "%s.encoder.layers.%s.%s.%s".formatted(VISION, parts[2], leaf, parts[4]);
        }
        return switch (name) {
            case "token_embd.weight" -> EMBEDDING;
            case "output_norm.weight" -> TEXT + ".norm.weight";
            case "output.weight" -> HEAD;
            case "v.patch_embd.weight" -> VISION + ".embeddings.patch_embedding.weight";
            case "v.patch_embd.bias" -> VISION + ".embeddings.patch_embedding.bias";
            case "v.position_embd.weight" -> VISION + ".embeddings.position_embedding.weight";
            case "v.post_ln.weight" -> VISION + ".post_layernorm.weight";
            case "v.post_ln.bias" -> VISION + ".post_layernorm.bias";
            case "mm.input_projection.weight" -> PROJECTOR + ".mm_input_projection_weight";
            case "mm.soft_emb_norm.weight" -> PROJECTOR + ".mm_soft_emb_norm.weight";
            default -> name;
        };
    }

    private static String textLeaf(String leaf) {
        return switch (leaf) {
            case "attn_norm" -> "input_layernorm";
            case "attn_q" -> "self_attn.q_proj";
            case "attn_k" -> "self_attn.k_proj";
            case "attn_v" -> "self_attn.v_proj";
            case "attn_output" -> "self_attn.o_proj";
            case "attn_q_norm" -> "self_attn.q_norm";
            case "attn_k_norm" -> "self_attn.k_norm";
            case "post_attention_norm" -> "post_attention_layernorm";
            case "ffn_norm" -> "pre_feedforward_layernorm";
            case "ffn_gate" -> "mlp.gate_proj";
            case "ffn_up" -> "mlp.up_proj";
            case "ffn_down" -> "mlp.down_proj";
            case "post_ffw_norm" -> "post_feedforward_layernorm";
            default -> "";
        };
    }

    private static String visionLeaf(String name, String leaf, Checkpoint checkpoint) {
        return switch (leaf) {
            case "ln1" -> "layer_norm1";
            case "ln2" -> "layer_norm2";
            case "attn_q" -> "self_attn.q_proj";
            case "attn_k" -> "self_attn.k_proj";
            case "attn_v" -> "self_attn.v_proj";
            case "attn_out" -> "self_attn.out_proj";
            case "ffn_up", "ffn_down" -> firstOfTwo(name, leaf, checkpoint) ? "mlp.fc1" : "mlp.fc2";
            default -> "";
        };
    }

    /**
     * Older projector files have ffn_up and ffn_down swapped; the matrix whose rows are as many as the intermediate
     * size is the first one, whatever its name.
     */
    private static boolean firstOfTwo(String name, String leaf, Checkpoint checkpoint) {
        long inner = checkpoint.metadata().whole("clip.vision.feed_forward_length", 0);
        long outer = checkpoint.metadata().whole("clip.vision.embedding_length", 0);
        var shape = checkpoint.info(name).shape();
        long rows = shape.isEmpty() ? 0 : shape.getFirst();
        boolean told = inner != outer && (rows == inner || rows == outer);
        return told ? rows == inner : leaf.equals("ffn_up");
    }
}
