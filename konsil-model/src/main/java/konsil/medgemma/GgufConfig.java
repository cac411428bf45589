package konsil.medgemma;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import konsil.medgemma.TextConfig.Layer;
import konsil.model.ConfigChecks;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.MetaValue;
import konsil.tensor.file.Metadata;

/**
 * Reads the metadata of a GGUF text model and, when there is one, of its image projector. What the files do not say is
 * what llama.cpp takes for gemma3 (llama-model.cpp, clip.cpp).
 */
final class GgufConfig {
    static final String ARCHITECTURE = "general.architecture";

    private static final String TEXT = "gemma3.";
    private static final String CLIP = "clip.";
    private static final String VISION = "clip.vision.";
    private static final String TOKENS = "tokenizer.ggml.tokens";

    /** The one size whose scores are scaled by more than a head's size; the file does not say so. */
    private static final int LAYERS_OF_27B = 62;

    /** Names, and what follows from other keys or from the tensors. */
    private static final Set<String> INERT = Set.of(
            "gemma3.vocab_size",
            "gemma3.rope.dimension_count",
            "gemma3.rope.scaling.original_context_length",
            "gemma3.rope.scaling.finetuned",
            "clip.has_text_encoder",
            "clip.has_llava_projector",
            "clip.has_audio_encoder",
            "clip.vision.projector.type");

    private final Metadata metadata;
    private final Set<String> read = new LinkedHashSet<>();

    GgufConfig(Metadata metadata) {
        this.metadata = metadata;
    }

    /** @param checkpoint whose tensors tell what the metadata leave open */
    MedGemmaConfig config(Checkpoint checkpoint) {
        String architecture = metadata.text(ARCHITECTURE);
        if (!architecture.equals("gemma3")) {
            String hint = architecture.equals("clip") ? " Give the text model first, then this one." : "";
            throw new BadInputException(
                    "%s: want gemma3, got %s.%s".formatted(ARCHITECTURE, ConfigChecks.shown(architecture), hint));
        }
        var text = text(checkpoint);
        var tokens = metadata.has(TOKENS) ? metadata.texts(TOKENS) : List.<String>of();
        Optional<ImageConfig> images =
                metadata.has("clip.has_vision_encoder") ? Optional.of(images(text, tokens)) : Optional.empty();
        requireAllRead();
        return new MedGemmaConfig(text, images, stops(tokens));
    }

    private TextConfig text(Checkpoint checkpoint) {
        int hiddenSize = whole(TEXT + "embedding_length");
        int heads = whole(TEXT + "attention.head_count");
        int headDim = whole(TEXT + "attention.key_length", 256);
        int layers = whole(TEXT + "block_count");
        ConfigChecks.that(
                layers >= 1 && layers <= 1_000, "gemma3.block_count: want 1 to 1000, got %d".formatted(layers));
        ConfigChecks.size(TEXT + "attention.head_count", heads);
        ConfigChecks.that(
                whole(TEXT + "attention.value_length", headDim) == headDim,
                "gemma3.attention.value_length: want %d like the keys".formatted(headDim));
        double scalar = layers == LAYERS_OF_27B ? (double) hiddenSize / heads : headDim;
        return new TextConfig(
                vocabulary(checkpoint),
                hiddenSize,
                whole(TEXT + "feed_forward_length"),
                heads,
                whole(TEXT + "attention.head_count_kv", heads),
                headDim,
                layers(layers),
                whole(TEXT + "attention.sliding_window"),
                has(TEXT + "attention.scale") ? Math.pow(real(TEXT + "attention.scale", 1), -2) : scalar,
                real(TEXT + "attn_logit_softcapping", 0),
                real(TEXT + "final_logit_softcapping", 0),
                ConfigChecks.rope(headDim, real(TEXT + "rope.freq_base", 1_000_000), ropeFactor()),
                ConfigChecks.rope(headDim, real(TEXT + "rope.freq_base_swa", 10_000), 1),
                real(TEXT + "attention.layer_norm_rms_epsilon", 1e-6),
                // llama.cpp multiplies by the unrounded root
                (float) Math.sqrt(hiddenSize),
                !checkpoint.names().contains("output.weight"),
                whole(TEXT + "context_length", 131_072));
    }

    private static int vocabulary(Checkpoint checkpoint) {
        var shape = checkpoint.info("token_embd.weight").shape();
        ConfigChecks.that(shape.size() == 2, "token_embd.weight: want two sizes, got %s".formatted(shape));
        return (int) Math.min(Integer.MAX_VALUE, shape.getFirst());
    }

    /** Every sixth layer is global, unless the file gives another period or names the sliding layers. */
    private List<Layer> layers(int count) {
        String key = TEXT + "attention.sliding_window_pattern";
        int[] sliding =
                has(key) && metadata.values().get(key) instanceof MetaValue.Items ? metadata.wholes(key) : new int[0];
        int period = sliding.length > 0 ? 1 : whole(key, 6);
        ConfigChecks.size(key, period);
        ConfigChecks.that(
                sliding.length == 0 || sliding.length == count,
                "%s: want %d of them, got %d".formatted(key, count, sliding.length));
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < count; i++) {
            boolean global = sliding.length > 0 ? sliding[i] == 0 : (i + 1) % period == 0;
            layers.add(global ? Layer.GLOBAL : Layer.SLIDING);
        }
        return layers;
    }

    private double ropeFactor() {
        String type = text(TEXT + "rope.scaling.type", "none");
        double factor = real(TEXT + "rope.scaling.factor", 1);
        ConfigChecks.that(
                type.equals("linear") || type.equals("none") && factor == 1,
                "gemma3.rope.scaling.type: want linear or none, got %s".formatted(ConfigChecks.shown(type)));
        return factor;
    }

    private ImageConfig images(TextConfig text, List<String> tokens) {
        String projector = text(CLIP + "projector_type", text(VISION + "projector_type", "gemma3"));
        ConfigChecks.that(
                projector.equals("gemma3"),
                "clip.projector_type: want gemma3, got %s".formatted(ConfigChecks.shown(projector)));
        ConfigChecks.that(flag(CLIP + "has_vision_encoder", false), "clip.has_vision_encoder: want true");
        boolean gelu = flag(CLIP + "use_gelu", true) && !flag(CLIP + "use_silu", false);
        ConfigChecks.that(gelu, "clip.use_gelu: want true, and clip.use_silu false");
        int projected = whole(VISION + "projection_dim", text.hiddenSize());
        ConfigChecks.that(
                projected == text.hiddenSize(),
                "clip.vision.projection_dim: want %d like the text model, got %d. Are the two files of one model?"
                        .formatted(text.hiddenSize(), projected));
        requireHalves("image_mean");
        requireHalves("image_std");
        var vision = new VisionConfig(
                whole(VISION + "image_size"),
                whole(VISION + "patch_size"),
                whole(VISION + "embedding_length"),
                whole(VISION + "feed_forward_length"),
                whole(VISION + "block_count"),
                whole(VISION + "attention.head_count"),
                real(VISION + "attention.layer_norm_epsilon", 1e-6));
        int pool = whole(VISION + "projector.scale_factor", 4);
        ConfigChecks.size("clip.vision.projector.scale_factor", pool);
        ConfigChecks.that(
                vision.patchesPerSide() % pool == 0,
                "clip.vision.projector.scale_factor: %d patches a side cannot be pooled by %d"
                        .formatted(vision.patchesPerSide(), pool));
        int side = vision.patchesPerSide() / pool;
        return new ImageConfig(
                vision,
                side * side,
                id(tokens, "<start_of_image>", 255_999),
                id(tokens, "<end_of_image>", 256_000),
                id(tokens, "<image_soft_token>", 262_144));
    }

    /** Images are shifted and scaled to -1 to 1; no Gemma 3 has another rule. */
    private void requireHalves(String name) {
        if (has(VISION + name)) {
            for (float value : metadata.floats(VISION + name)) {
                ConfigChecks.that(value == 0.5f, "clip.vision.%s: want 0.5, got %s".formatted(name, value));
            }
        }
    }

    private static int id(List<String> tokens, String token, int otherwise) {
        int id = tokens.indexOf(token);
        return id < 0 ? otherwise : id;
    }

    /** The file names one token, which may be the end of the text or of the turn; both end an answer. */
    private SequencedSet<Integer> stops(List<String> tokens) {
        var stops = new LinkedHashSet<Integer>();
        for (String key : List.of("eos_token_id", "eot_token_id")) {
            if (metadata.has("tokenizer.ggml." + key)) {
                stops.add((int) metadata.whole("tokenizer.ggml." + key));
            }
        }
        for (String token : List.of("<eos>", "<end_of_turn>")) {
            if (tokens.contains(token)) {
                stops.add(tokens.indexOf(token));
            }
        }
        return Collections.unmodifiableSequencedSet(stops);
    }

    private void requireAllRead() {
        var unread = new ArrayList<String>();
        for (String key : metadata.values().keySet()) {
            boolean ours = key.startsWith(TEXT) || key.startsWith(CLIP);
            if (ours && !read.contains(key) && !INERT.contains(key)) {
                unread.add(ConfigChecks.shown(key));
            }
        }
        ConfigChecks.that(
                unread.isEmpty(),
                "Konsil does not know what to do with %s; the model may need a newer version"
                        .formatted(String.join(", ", unread)));
    }

    private boolean has(String key) {
        read.add(key);
        return metadata.has(key);
    }

    private int whole(String key) {
        read.add(key);
        long value = metadata.whole(key);
        ConfigChecks.that(value == (int) value, "%s: want a number below 2^31, got %d".formatted(key, value));
        return (int) value;
    }

    private int whole(String key, int otherwise) {
        return has(key) ? whole(key) : otherwise;
    }

    private double real(String key, double otherwise) {
        return has(key) ? metadata.real(key) : otherwise;
    }

    private boolean flag(String key, boolean otherwise) {
        return has(key) ? metadata.flag(key) : otherwise;
    }

    private String text(String key, String otherwise) {
        return has(key) ? metadata.text(key) : otherwise;
    }
}
