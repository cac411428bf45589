package konsil.medgemma.generation;

import konsil.tensor.BadInputException;

/**
 * How the next token is chosen. Steps are taken in the order of transformers' logits processors: repetition penalty,
 * temperature, top-k, top-p, min-p, then a draw.
 *
 * @param temperature divides the logits; 0 chooses the most likely token always
 * @param topK so many most likely tokens stay; 0 for all
 * @param topP the fewest tokens stay whose probabilities sum to at least this; 1 for all
 * @param minP tokens stay that are at least this times as likely as the most likely one; 0 for all
 * @param repetitionPenalty logits of tokens that occurred are divided by it where positive, multiplied where negative;
 *     1 for none (arXiv:1909.05858)
 * @param seed the same seed on the same kind of kernels gives the same tokens
 */
public record SamplingSettings(
        float temperature, int topK, float topP, float minP, float repetitionPenalty, long seed) {
    /** As the model was published: the most likely token, always. */
    public static final SamplingSettings GREEDY = new SamplingSettings(0, 0, 1, 0, 1, 0);

    public SamplingSettings {
        require(temperature >= 0 && Float.isFinite(temperature), "temperature", "0 or more", temperature);
        require(topK >= 0, "top-k", "0 or more", topK);
        require(topP > 0 && topP <= 1, "top-p", "more than 0, at most 1", topP);
        require(minP >= 0 && minP <= 1, "min-p", "0 to 1", minP);
        require(
                repetitionPenalty > 0 && Float.isFinite(repetitionPenalty),
                "repetition penalty",
                "more than 0",
                repetitionPenalty);
    }

    private static void require(boolean holds, String name, String want, Number got) {
        if (!holds) {
            throw new BadInputException("%s: want %s, got %s".formatted(name, want, got));
        }
    }

    public boolean greedy() {
        return temperature == 0;
    }
}
