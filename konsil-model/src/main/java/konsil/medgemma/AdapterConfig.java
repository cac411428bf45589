package konsil.medgemma;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import konsil.tensor.file.Fields;

/**
 * What an adapter_config.json of PEFT says that decides how an adapter is used. Which matrices it is for follows from
 * its tensors.
 *
 * @param rank of matrices that no pattern names
 * @param alpha of matrices that no pattern names
 * @param rankPatterns other ranks, by a pattern that the end of a matrix's name matches
 * @param alphaPatterns the same for alpha
 * @param rankStabilised whether the update is divided by the root of the rank instead of the rank (arXiv:2312.03732)
 */
public record AdapterConfig(
        int rank,
        double alpha,
        Map<Pattern, Integer> rankPatterns,
        Map<Pattern, Double> alphaPatterns,
        boolean rankStabilised) {
    private static final int MOST = 1 << 14;

    /** Kinds of adapters that do other arithmetic; each refused unless it is off. */
    private static final Set<String> OTHER_KINDS =
            Set.of("use_dora", "use_qalora", "fan_in_fan_out", "lora_bias", "use_bdlora");

    /** Present in every file, of use while training or to the tools that wrote it. */
    private static final Set<String> INERT = Set.of(
            "alora_invocation_tokens",
            "arrow_config",
            "auto_mapping",
            "base_model_name_or_path",
            "corda_config",
            "ensure_weight_tying",
            "eva_config",
            "exclude_modules",
            "inference_mode",
            "init_lora_weights",
            "kasa_config",
            "layer_replication",
            "layers_pattern",
            "layers_to_transform",
            "loftq_config",
            "lora_dropout",
            "lora_ga_config",
            "megatron_config",
            "megatron_core",
            "modules_to_save",
            "monteclora_config",
            "peft_version",
            "qalora_group_size",
            "revision",
            "runtime_config",
            "target_modules",
            "target_parameters",
            "task_type",
            "trainable_token_indices",
            "velora_config");

    /** @throws konsil.tensor.file.BadFileException when a field is unknown, missing or asks for another kind */
    public static AdapterConfig read(Fields f) {
        if (!f.text("peft_type").equals("LORA")) {
            throw f.wrong("peft_type", "want LORA, the one kind of adapter that is read");
        }
        for (String kind : OTHER_KINDS) {
            if (f.flag(kind, false)) {
                throw f.wrong(kind, "want false, adapters of this kind are not read");
            }
        }
        if (!f.text("bias", "none").equals("none")) {
            throw f.wrong("bias", "want none, adapters with trained biases are not read");
        }
        for (String field : Set.of("layer_replication", "target_parameters", "trainable_token_indices")) {
            if (f.has(field)) {
                throw f.wrong(field, "want null, adapters with this are not read");
            }
        }
        int rank = f.whole("r");
        if (rank < 1 || rank > MOST) {
            throw f.wrong("r", "want 1 to %d, got %d".formatted(MOST, rank));
        }
        var ranks = new LinkedHashMap<Pattern, Integer>();
        patterns(f, "rank_pattern").forEach((pattern, value) -> ranks.put(pattern, value.intValue()));
        var alphas = patterns(f, "alpha_pattern");
        var config = new AdapterConfig(rank, f.real("lora_alpha"), ranks, alphas, f.flag("use_rslora", false));
        f.finish(INERT);
        return config;
    }

    private static Map<Pattern, Double> patterns(Fields f, String name) {
        var patterns = new LinkedHashMap<Pattern, Double>();
        if (f.find(name).isEmpty()) {
            return patterns;
        }
        var entries = f.in(name);
        for (String key : entries.names()) {
            patterns.put(pattern(f, name, key), entries.real(key));
        }
        return patterns;
    }

    private static Pattern pattern(Fields f, String name, String key) {
        try {
            return Pattern.compile("(.*\\.)?(" + key + ")");
        } catch (PatternSyntaxException e) {
            throw f.wrong(name, "want patterns, got " + e.getDescription());
        }
    }

    /** @param matrix its full name, without the wrapping of PEFT */
    public int rank(String matrix) {
        return first(rankPatterns, matrix, rank);
    }

    /** What the update is multiplied by. */
    public float scale(String matrix) {
        double of = rank(matrix);
        return (float) (first(alphaPatterns, matrix, alpha) / (rankStabilised ? Math.sqrt(of) : of));
    }

    private static <T> T first(Map<Pattern, T> patterns, String matrix, T otherwise) {
        for (var pattern : patterns.entrySet()) {
            if (pattern.getKey().matcher(matrix).matches()) {
                return pattern.getValue();
            }
        }
        return otherwise;
    }
}
