package konsil.medasr;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import konsil.model.ConfigChecks;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;

/** Reads config.json as transformers does: whatever the file leaves out has the default of the model's class. */
final class ConfigJson {
    private static final String SILU = "silu";
    private static final String ENCODER = "encoder_config";

    private ConfigJson() {}

    static MedAsrConfig read(Checkpoint checkpoint) {
        var root = checkpoint
                .settings("config.json")
                .orElseThrow(() -> new BadFileException(
                        checkpoint.path(),
                        "want a config.json with the tensors, found none. Give the model's folder."));
        requireArchitecture(root);
        String reduction = root.text("ctc_loss_reduction", "mean");
        if (!Set.of("mean", "sum", "none").contains(reduction)) {
            throw root.wrong("ctc_loss_reduction", "want mean, sum or none, got " + ConfigChecks.shown(reduction));
        }
        root.flag("ctc_zero_infinity", true);
        var fields = root.has(ENCODER)
                ? root.in(ENCODER)
                : Fields.of(checkpoint.path(), new Json.Obj(new LinkedHashMap<>()));
        requireType(fields, "lasr_encoder");
        var config = new MedAsrConfig(encoder(fields), root.whole("vocab_size", 512), root.whole("pad_token_id", 0));
        fields.finish(InertKeys.ALL);
        root.finish(InertKeys.ALL);
        return config;
    }

    private static void requireArchitecture(Fields root) {
        if (root.has("quantization_config")) {
            throw root.wrong(
                    "quantization_config",
                    "the weights are quantised for another engine. Use the checkpoint that they were made from.");
        }
        if (!root.has("model_type")) {
            throw root.wrong("model_type", "want lasr_ctc, got none");
        }
        requireType(root, "lasr_ctc");
        if (root.has("architectures")) {
            boolean known = root.list("architectures").stream()
                    .anyMatch(item -> item instanceof Json.Text(var name) && name.equals("LasrForCTC"));
            if (!known) {
                throw root.wrong("architectures", "want LasrForCTC");
            }
        }
    }

    private static void requireType(Fields fields, String type) {
        String got = fields.text("model_type", type);
        if (!got.equals(type)) {
            throw fields.wrong("model_type", "want %s, got %s".formatted(type, ConfigChecks.shown(got)));
        }
    }

    private static EncoderConfig encoder(Fields f) {
        String activation = f.text("hidden_act", SILU);
        if (!activation.equals(SILU) && !activation.equals("swish")) {
            throw f.wrong("hidden_act", "want silu, got " + ConfigChecks.shown(activation));
        }
        int hidden = f.whole("hidden_size", 512);
        int heads = f.whole("num_attention_heads", 8);
        ConfigChecks.size("num_attention_heads", heads);
        if (!f.has("head_dim") && hidden % heads != 0) {
            throw f.wrong("hidden_size", "%d is not a multiple of %d heads".formatted(hidden, heads));
        }
        return new EncoderConfig(
                hidden,
                f.whole("num_hidden_layers", 17),
                heads,
                f.whole("num_key_value_heads", heads),
                f.whole("head_dim", hidden / heads),
                f.whole("intermediate_size", 2048),
                f.whole("conv_kernel_size", 32),
                new EncoderConfig.Subsampling(
                        f.whole("num_mel_bins", 128),
                        f.whole("subsampling_conv_channels", 256),
                        f.whole("subsampling_conv_kernel_size", 5),
                        f.whole("subsampling_conv_stride", 2)),
                f.flag("attention_bias", false),
                f.flag("convolution_bias", false),
                residual(f, "feed_forward_residual_weights", new Residual(1.5f, 0.5f)),
                residual(f, "conv_residual_weights", new Residual(2, 1)),
                f.real("layer_norm_eps", 1e-6),
                theta(f));
    }

    private static Residual residual(Fields f, String name, Residual otherwise) {
        if (!f.has(name)) {
            return otherwise;
        }
        List<Json> items = f.list(name);
        if (items.size() != 2) {
            throw f.wrong(name, "want two numbers, got %d".formatted(items.size()));
        }
        return new Residual(number(f, name, items.getFirst()), number(f, name, items.getLast()));
    }

    private static float number(Fields f, String name, Json item) {
        double value =
                switch (item) {
                    case Json.Whole(long whole) -> whole;
                    case Json.Real(double real) -> real;
                    case Json other -> throw f.wrong(name, "want two numbers, got " + other.kind());
                };
        if (Math.abs(value) > 1e6) {
            throw f.wrong(name, "want numbers of a reasonable size");
        }
        return (float) value;
    }

    /** Older files name the base at the top, newer ones in rope_parameters; only the default kind is understood. */
    private static double theta(Fields f) {
        double theta = f.real("rope_theta", 10_000);
        for (String name : List.of("rope_parameters", "rope_scaling")) {
            if (f.has(name)) {
                var parameters = f.in(name);
                String type = parameters.text("rope_type", parameters.text("type", "default"));
                boolean plain = type.equals("default")
                        && parameters.real("factor", 1) == 1
                        && parameters.real("partial_rotary_factor", 1) == 1;
                if (!plain) {
                    throw parameters.wrong(
                            "rope_type", "want default, over whole heads; got " + ConfigChecks.shown(type));
                }
                theta = parameters.real("rope_theta", theta);
                parameters.finish(Set.of("original_max_position_embeddings"));
            }
        }
        return theta;
    }
}
