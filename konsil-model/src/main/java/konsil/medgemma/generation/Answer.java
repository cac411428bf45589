package konsil.medgemma.generation;

import java.util.List;

/**
 * An answer as tokens.
 *
 * @param choices what was chosen, a stop token at the end included
 * @param reused tokens of the prompt that did not have to be read
 */
public record Answer(List<Choice> choices, Ending ending, int reused) {
    /** Tokens of the answer itself, without a stop token. */
    public int[] tokens() {
        int count = ending == Ending.STOP_TOKEN ? choices.size() - 1 : choices.size();
        return choices.stream().limit(count).mapToInt(Choice::token).toArray();
    }
}
