package konsil.medgemma.generation;

import java.util.List;
import java.util.Set;
import konsil.medgemma.SoftTokens;
import konsil.medgemma.TokenSequence;

/**
 * What a model is asked to continue.
 *
 * @param prompt the whole sequence so far
 * @param images soft tokens of its images, in order
 * @param imageKeys for each image a text that is equal only for the same content seen by the same model, so that a
 *     session knows what it has already read
 * @param sampling how tokens are chosen
 * @param limits when to stop
 * @param constraint what may come next
 */
public record GenerationRequest(
        TokenSequence prompt,
        List<SoftTokens> images,
        List<String> imageKeys,
        SamplingSettings sampling,
        Limits limits,
        TokenConstraint constraint) {
    /**
     * When an answer ends.
     *
     * @param maxTokens the most tokens that are chosen
     * @param stopTokens tokens that end the answer; they are chosen but not part of it
     * @param alternatives how many of the most likely tokens are reported with each choice
     */
    public record Limits(int maxTokens, Set<Integer> stopTokens, int alternatives) {
        public Limits {
            stopTokens = Set.copyOf(stopTokens);
            if (maxTokens < 1 || alternatives < 0) {
                throw new IllegalArgumentException("limits: want at least 1 token and 0 alternatives, got %d and %d"
                        .formatted(maxTokens, alternatives));
            }
        }
    }

    public GenerationRequest {
        images = List.copyOf(images);
        imageKeys = List.copyOf(imageKeys);
        if (images.size() != imageKeys.size() || images.size() != prompt.images()) {
            throw new IllegalArgumentException("request: %d images in the prompt, %d given, %d keys"
                    .formatted(prompt.images(), images.size(), imageKeys.size()));
        }
    }
}
