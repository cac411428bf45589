package konsil.medgemma;

import konsil.kernel.AttentionShape;
import konsil.model.ConfigChecks;
import konsil.tensor.AttentionSpec;
import konsil.tensor.BadInputException;
import konsil.tensor.Mask;

/**
 * Sizes and constants of a SigLIP vision tower; three colour channels. The names are those of config.json (transformers
 * configuration_siglip.py).
 *
 * @param imageSize side of the square image in pixels
 * @param patchSize side of a patch in pixels
 */
public record VisionConfig(
        int imageSize,
        int patchSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        double layerNormEps) {
    /** Red, green, blue. */
    public static final int CHANNELS = 3;

    private static final int MOST_LAYERS = 1_000;

    /** @throws BadInputException that names the field, when sizes contradict each other */
    public VisionConfig {
        ConfigChecks.size("image_size", imageSize);
        ConfigChecks.size("patch_size", patchSize);
        ConfigChecks.size("hidden_size", hiddenSize);
        ConfigChecks.size("intermediate_size", intermediateSize);
        ConfigChecks.size("num_attention_heads", heads);
        ConfigChecks.that(
                layers >= 1 && layers <= MOST_LAYERS,
                "num_hidden_layers: want 1 to %d, got %d".formatted(MOST_LAYERS, layers));
        ConfigChecks.that(
                imageSize % patchSize == 0,
                "image_size %d is not a multiple of patch_size %d".formatted(imageSize, patchSize));
        ConfigChecks.that(imageSize <= 1 << 14, "image_size: want at most %d, got %d".formatted(1 << 14, imageSize));
        ConfigChecks.that(
                hiddenSize % heads == 0,
                "hidden_size %d is not a multiple of num_attention_heads %d".formatted(hiddenSize, heads));
        ConfigChecks.positive("layer_norm_eps", layerNormEps);
    }

    public int patchesPerSide() {
        return imageSize / patchSize;
    }

    public int patches() {
        return patchesPerSide() * patchesPerSide();
    }

    /** Numbers that an image consists of, channel by channel, row by row. */
    public int imageValues() {
        return CHANNELS * imageSize * imageSize;
    }

    /** Every patch sees every other, in every layer. */
    AttentionSpec attention() {
        int headDim = hiddenSize / heads;
        var shape = new AttentionShape(heads, heads, headDim, (float) (1 / Math.sqrt(headDim)), 0);
        return new AttentionSpec(shape, Mask.full());
    }
}
