package konsil.medgemma.generation;

import java.util.List;

/**
 * A token that was chosen.
 *
 * @param logProbability natural logarithm of its probability under the model, before temperature and cuts
 * @param alternatives the most likely tokens at this place, most likely first, as many as were asked for
 */
public record Choice(int token, float logProbability, List<Alternative> alternatives) {
    /** One of the most likely tokens. */
    public record Alternative(int token, float logProbability) {}
}
