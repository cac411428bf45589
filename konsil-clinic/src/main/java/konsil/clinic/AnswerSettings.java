package konsil.clinic;

import java.util.List;
import konsil.medgemma.generation.SamplingSettings;
import konsil.medgemma.generation.TokenConstraint;
import konsil.tensor.BadInputException;

/**
 * How a question is answered.
 *
 * @param sampling how words are chosen
 * @param maxTokens the most tokens of thought and answer together
 * @param stops texts that end the answer where they would begin
 * @param alternatives how many of the most likely tokens are reported at each place
 * @param constraint what the answer may consist of
 */
public record AnswerSettings(
        SamplingSettings sampling, int maxTokens, List<String> stops, int alternatives, TokenConstraint constraint) {
    /** As the model was published: the most likely words. */
    public static final AnswerSettings GREEDY =
            new AnswerSettings(SamplingSettings.GREEDY, 2048, List.of(), 0, TokenConstraint.NONE);

    private static final int MOST_ALTERNATIVES = 100;

    public AnswerSettings {
        stops = List.copyOf(stops);
        if (maxTokens < 1) {
            throw new BadInputException("max tokens: want at least 1, got " + maxTokens);
        }
        if (alternatives < 0 || alternatives > MOST_ALTERNATIVES) {
            throw new BadInputException("log probabilities: want 0 to %d tokens at each place, got %d"
                    .formatted(MOST_ALTERNATIVES, alternatives));
        }
        if (stops.contains("")) {
            throw new BadInputException("stop: want at least one character");
        }
    }
}
