package konsil.medgemma;

import konsil.model.ConfigChecks;
import konsil.tensor.BadInputException;

/**
 * How images enter the text.
 *
 * @param tokensPerImage soft tokens that an image becomes, a square number
 * @param beginToken id of the token before an image, {@code <start_of_image>}
 * @param endToken id of the token after it, {@code <end_of_image>}
 * @param softToken id that stands for each soft token, {@code <image_soft_token>}; it may lie beyond the embedding
 */
public record ImageConfig(VisionConfig vision, int tokensPerImage, int beginToken, int endToken, int softToken) {
    /** @throws BadInputException that names the field, when sizes contradict each other */
    public ImageConfig {
        ConfigChecks.size("mm_tokens_per_image", tokensPerImage);
        int side = side(tokensPerImage);
        ConfigChecks.that(
                side * side == tokensPerImage,
                "mm_tokens_per_image: want a square number, got %d".formatted(tokensPerImage));
        ConfigChecks.that(
                vision.patchesPerSide() % side == 0,
                "mm_tokens_per_image: %d patches a side cannot be pooled to %d"
                        .formatted(vision.patchesPerSide(), side));
        ConfigChecks.that(
                beginToken >= 0 && endToken >= 0 && softToken >= 0,
                "boi_token_index, eoi_token_index, image_token_index: want ids of at least 0");
    }

    private static int side(int tokens) {
        return (int) Math.round(Math.sqrt(tokens));
    }

    /** Side of the squares of patches that become one soft token. */
    public int pool() {
        return vision.patchesPerSide() / side(tokensPerImage);
    }
}
