package konsil.medasr;

import java.util.Set;
import konsil.model.ConfigChecks;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;

/**
 * Checks that a checkpoint wants its sound prepared as {@link LogMel} does. What the files of transformers
 * (LasrFeatureExtractor) leave out has the value of that class; what the class does not read is known or refused.
 */
final class FeatureSettings {
    private static final String NAME = "feature_extractor";
    private static final Set<String> INERT = Set.of(
            "feature_extractor_type",
            "padding_side",
            "padding_value",
            "processor_class",
            "return_attention_mask",
            "tokenizer_class",
            "center",
            "auto_map",
            "_processor_class",
            "transformers_version",
            "do_normalize");

    private FeatureSettings() {}

    /** @throws BadFileException that names the field */
    static void check(Checkpoint checkpoint, int melBins) {
        checkpoint.settings("preprocessor_config.json").ifPresent(fields -> check(fields, melBins));
        checkpoint.settings("processor_config.json").ifPresent(fields -> {
            if (fields.has(NAME)) {
                check(fields.in(NAME), melBins);
            }
            fields.finish(Set.of("processor_class", "auto_map", "tokenizer_class"));
        });
        if (melBins != LogMel.BINS) {
            throw new BadFileException(
                    checkpoint.path(), "num_mel_bins: want %d, got %d".formatted(LogMel.BINS, melBins));
        }
    }

    private static void check(Fields f, int melBins) {
        String type = f.text("feature_extractor_type", "LasrFeatureExtractor");
        if (!type.equalsIgnoreCase("LasrFeatureExtractor")) {
            throw f.wrong("feature_extractor_type", "want LasrFeatureExtractor, got " + ConfigChecks.shown(type));
        }
        same(f, "sampling_rate", LogMel.RATE);
        same(f, "hop_length", LogMel.HOP);
        same(f, "win_length", LogMel.WINDOW);
        same(f, "n_fft", LogMel.FFT);
        same(f, "feature_size", melBins);
        f.finish(INERT);
    }

    private static void same(Fields f, String name, int wanted) {
        int got = f.whole(name, wanted);
        if (got != wanted) {
            throw f.wrong(name, "want %d, got %d".formatted(wanted, got));
        }
    }
}
