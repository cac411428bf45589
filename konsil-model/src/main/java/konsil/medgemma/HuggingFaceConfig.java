package konsil.medgemma;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import konsil.kernel.Bf16;
import konsil.medgemma.TextConfig.Layer;
import konsil.model.ConfigChecks;
import konsil.model.InertSettings;
import konsil.tensor.RopeTable;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;

/**
 * Reads config.json as transformers does, in the layout of the published checkpoints and in the one it writes since
 * version 5: whatever the file leaves out has the default of the model's class.
 */
final class HuggingFaceConfig {
    private static final String GELU = "gelu_pytorch_tanh";
    private static final Set<String> ARCHITECTURES =
            Set.of("Gemma3ForConditionalGeneration", "Gemma3ForCausalLM", "Gemma3Model", "Gemma3TextModel");

    /** End of text and end of turn in Gemma's vocabulary. */
    private static final List<Integer> GEMMA_STOPS = List.of(1, 106);

    private HuggingFaceConfig() {}

    static MedGemmaConfig read(Checkpoint checkpoint) {
        var root = checkpoint
                .settings("config.json")
                .orElseThrow(() -> new BadFileException(
                        checkpoint.path(),
                        "want a config.json with the tensors, found none. Give the model's folder."));
        requireArchitecture(root);
        return switch (root.text("model_type", "")) {
            case "gemma3" -> multimodal(root, checkpoint);
            case "gemma3_text" -> textOnly(root, checkpoint);
            case String other ->
                throw root.wrong("model_type", "want gemma3 or gemma3_text, got " + ConfigChecks.shown(other));
        };
    }

    private static void requireArchitecture(Fields root) {
        if (root.has("quantization_config")) {
            throw root.wrong(
                    "quantization_config",
                    "the weights are quantised for another engine. Use the checkpoint that they were made from.");
        }
        if (root.has("architectures")) {
            boolean known = root.list("architectures").stream()
                    .anyMatch(item -> item instanceof Json.Text(var name) && ARCHITECTURES.contains(name));
            if (!known) {
                throw root.wrong(
                        "architectures",
                        "want Gemma3ForConditionalGeneration or Gemma3ForCausalLM, got "
                                + new Json.Arr(root.list("architectures")).write());
            }
        }
    }

    private static MedGemmaConfig textOnly(Fields root, Checkpoint checkpoint) {
        var type = root.find("dtype").or(() -> root.find("torch_dtype"));
        var text = text(root, type, root.flag("tie_word_embeddings", true));
        var stops = stops(checkpoint, root, root);
        root.finish(InertSettings.KEYS);
        return new MedGemmaConfig(text, Optional.empty(), stops);
    }

    private static MedGemmaConfig multimodal(Fields root, Checkpoint checkpoint) {
        var inner = root.in("text_config");
        requireType(inner, "gemma3_text");
        boolean tied = root.flag("tie_word_embeddings", inner.flag("tie_word_embeddings", true));
        var type = root.find("dtype").or(() -> root.find("torch_dtype"));
        var innerType = inner.find("dtype").or(() -> inner.find("torch_dtype"));
        var text = text(inner, type.or(() -> innerType), tied);
        var images = new ImageConfig(
                vision(root.in("vision_config")),
                root.whole("mm_tokens_per_image", 256),
                id(root, "boi_token", 255_999),
                id(root, "eoi_token", 256_000),
                id(root, "image_token", 262_144));
        var stops = stops(checkpoint, root, inner);
        inner.finish(InertSettings.KEYS);
        root.finish(InertSettings.KEYS);
        return new MedGemmaConfig(text, Optional.of(images), stops);
    }

    private static void requireType(Fields fields, String type) {
        String got = fields.text("model_type", type);
        if (!got.equals(type)) {
            throw fields.wrong("model_type", "want %s, got %s".formatted(type, ConfigChecks.shown(got)));
        }
    }

    /** An id under its older or its newer name. */
    private static int id(Fields fields, String name, int otherwise) {
        return fields.whole(name + "_index", fields.whole(name + "_id", otherwise));
    }

    private static TextConfig text(Fields f, Optional<Json> type, boolean tied) {
        require(f, "attention_bias", f.flag("attention_bias", false), "attention with biases");
        require(f, "use_bidirectional_attention", f.flag("use_bidirectional_attention", false), "an encoder");
        requireGelu(f, f.text("hidden_activation", f.text("hidden_act", GELU)));
        int hiddenSize = f.whole("hidden_size", 2304);
        int headDim = f.whole("head_dim", 256);
        var ropes = ropes(f, headDim);
        return new TextConfig(
                f.whole("vocab_size", 262_208),
                hiddenSize,
                f.whole("intermediate_size", 9216),
                f.whole("num_attention_heads", 8),
                f.whole("num_key_value_heads", 4),
                headDim,
                layers(f, f.whole("num_hidden_layers", 26)),
                f.whole("sliding_window", 4096),
                f.real("query_pre_attn_scalar", 256),
                softCap(f, "attn_logit_softcapping"),
                softCap(f, "final_logit_softcapping"),
                ropes.getFirst(),
                ropes.getLast(),
                f.real("rms_norm_eps", 1e-6),
                embeddingFactor(f, type, hiddenSize),
                tied,
                f.whole("max_position_embeddings", 131_072));
    }

    private static void require(Fields f, String name, boolean set, String what) {
        if (set) {
            throw f.wrong(name, "Konsil cannot run %s".formatted(what));
        }
    }

    private static void requireGelu(Fields f, String got) {
        if (!got.equals(GELU)) {
            String name = f.has("hidden_activation") ? "hidden_activation" : "hidden_act";
            throw f.wrong(name, "want %s, got %s".formatted(GELU, ConfigChecks.shown(got)));
        }
    }

    /** 0 for none: the file says null or nothing. */
    private static double softCap(Fields f, String name) {
        double cap = f.real(name, 0);
        if (f.has(name)) {
            ConfigChecks.positive(name, cap);
        }
        return cap;
    }

    /**
     * The square root of the hidden size in the checkpoint's own type: transformers keeps it in a buffer of that type,
     * and the published models were trained with it in bf16 (50.5 for 2560).
     */
    private static float embeddingFactor(Fields f, Optional<Json> type, int hiddenSize) {
        float root = (float) Math.sqrt(hiddenSize);
        String name = type.orElse(new Json.Text("bfloat16")) instanceof Json.Text(var text) ? text : "";
        return switch (name.replace("torch.", "")) {
            case "bfloat16" -> Bf16.round(root);
            case "float16" -> Float.float16ToFloat(Float.floatToFloat16(root));
            case "float32" -> root;
            default -> throw f.wrong("dtype", "want bfloat16, float16 or float32");
        };
    }

    /** Named one by one, or every so many layers a global one. */
    private static List<Layer> layers(Fields f, int count) {
        ConfigChecks.that(count >= 1 && count <= 1_000, "num_hidden_layers: want 1 to 1000, got %d".formatted(count));
        int pattern = f.whole("sliding_window_pattern", f.whole("_sliding_window_pattern", 6));
        ConfigChecks.size("sliding_window_pattern", pattern);
        var layers = new ArrayList<Layer>();
        if (!f.has("layer_types")) {
            for (int i = 1; i <= count; i++) {
                layers.add(i % pattern == 0 ? Layer.GLOBAL : Layer.SLIDING);
            }
            return layers;
        }
        for (var item : f.list("layer_types")) {
            layers.add(
                    switch (item) {
                        case Json.Text(var name) when name.equals("full_attention") -> Layer.GLOBAL;
                        case Json.Text(var name) when name.equals("sliding_attention") -> Layer.SLIDING;
                        default -> throw f.wrong("layer_types", "want full_attention or sliding_attention");
                    });
        }
        if (layers.size() != count) {
            throw f.wrong("layer_types", "want %d of them, got %d".formatted(count, layers.size()));
        }
        return layers;
    }

    /** For global layers, then for sliding ones. */
    private static List<RopeTable> ropes(Fields f, int headDim) {
        var global = ConfigChecks.rope(headDim, f.real("rope_theta", 1_000_000), 1);
        var local = ConfigChecks.rope(headDim, f.real("rope_local_base_freq", 10_000), 1);
        if (f.has("rope_parameters")) {
            var parameters = f.in("rope_parameters");
            boolean byLayer = parameters.has("full_attention") || parameters.has("sliding_attention");
            if (byLayer) {
                global = parameters.has("full_attention") ? rope(parameters.in("full_attention"), global) : global;
                local = parameters.has("sliding_attention") ? rope(parameters.in("sliding_attention"), local) : local;
                parameters.finish(Set.of());
            } else {
                global = rope(parameters, global);
            }
        }
        if (f.has("rope_scaling")) {
            global = rope(f.in("rope_scaling"), global);
        }
        return List.of(global, local);
    }

    private static RopeTable rope(Fields f, RopeTable otherwise) {
        String type = f.text("rope_type", f.text("type", "default"));
        double factor = f.real("factor", 1);
        boolean fits = type.equals("linear") ? f.has("factor") : type.equals("default") && factor == 1;
        if (!fits || f.real("partial_rotary_factor", 1) != 1) {
            throw f.wrong(
                    "rope_type",
                    "want default, or linear with a factor, over whole heads; got " + ConfigChecks.shown(type));
        }
        double theta = f.real("rope_theta", otherwise.theta());
        f.finish(Set.of("original_max_position_embeddings"));
        return ConfigChecks.rope(otherwise.headDim(), theta, factor);
    }

    private static VisionConfig vision(Fields f) {
        requireType(f, "siglip_vision_model");
        requireGelu(f, f.text("hidden_act", GELU));
        int channels = f.whole("num_channels", VisionConfig.CHANNELS);
        if (channels != VisionConfig.CHANNELS) {
            throw f.wrong("num_channels", "want %d, got %d".formatted(VisionConfig.CHANNELS, channels));
        }
        var vision = new VisionConfig(
                f.whole("image_size", 224),
                f.whole("patch_size", 16),
                f.whole("hidden_size", 768),
                f.whole("intermediate_size", 3072),
                f.whole("num_hidden_layers", 12),
                f.whole("num_attention_heads", 12),
                f.real("layer_norm_eps", 1e-6));
        var inert = new LinkedHashSet<>(InertSettings.KEYS);
        // a pooling head of the tower is not on the way to the text; its type is that of the file
        Collections.addAll(inert, "vision_use_head", "torch_dtype", "dtype");
        f.finish(inert);
        return vision;
    }

    /** Every id that any of the files names as the end; an answer that runs on past one is of no use. */
    private static SequencedSet<Integer> stops(Checkpoint checkpoint, Fields root, Fields text) {
        String name = "eos_token_id";
        var stops = new LinkedHashSet<>(ids(root, name));
        stops.addAll(ids(text, name));
        checkpoint.settings("generation_config.json").ifPresent(fields -> stops.addAll(ids(fields, name)));
        return Collections.unmodifiableSequencedSet(stops.isEmpty() ? new LinkedHashSet<>(GEMMA_STOPS) : stops);
    }

    /** One id or a list of them; empty when there is none. */
    private static List<Integer> ids(Fields f, String name) {
        var value = f.find(name).orElse(new Json.Arr(List.of()));
        var items = value instanceof Json.Arr(var list) ? list : List.of(value);
        var ids = new ArrayList<Integer>();
        for (var item : items) {
            if (!(item instanceof Json.Whole(long id)) || id < 0 || id > Integer.MAX_VALUE) {
                throw f.wrong(name, "want one id or a list of ids");
            }
            ids.add((int) id);
        }
        return ids;
    }
}
