package konsil.train.grpo;

import konsil.medgemma.generation.SamplingSettings;
import konsil.tensor.BadInputException;

/**
 * How groups of answers are drawn and learnt from.
 *
 * @param group answers to each question
 * @param maxTokens of an answer
 * @param temperature of the draw; probabilities are those at this temperature everywhere
 * @param epsilon ratios count from 1 - epsilon to 1 + epsilon
 * @param beta weight of the divergence from the model without its adapter; 0 for none
 * @param iterations steps that are taken with the same answers
 * @param normalisation how tokens are averaged
 */
public record GroupSettings(
        int group,
        int maxTokens,
        float temperature,
        double epsilon,
        double beta,
        int iterations,
        Normalisation normalisation) {
    private static final int MOST = 1024;

    /** How tokens are averaged. */
    public enum Normalisation {
        /** Every token of a step counts the same (DAPO, arXiv:2503.14476). */
        TOKEN,
        /** Every answer counts the same, whatever its length: the first form of GRPO. */
        ANSWER
    }

    public GroupSettings {
        require(group >= 2 && group <= MOST, "group: want 2 to %d answers, got %s".formatted(MOST, group));
        require(maxTokens >= 1, "max-tokens: want at least 1, got " + maxTokens);
        require(temperature > 0 && Float.isFinite(temperature), "temperature: want more than 0, got " + temperature);
        require(epsilon > 0 && epsilon < 1, "epsilon: want 0 to 1, got " + epsilon);
        require(beta >= 0 && Double.isFinite(beta), "beta: want 0 or more, got " + beta);
        require(iterations >= 1 && iterations <= MOST, "iterations: want 1 to %d, got %s".formatted(MOST, iterations));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new BadInputException(message);
        }
    }

    SamplingSettings sampling(long seed) {
        return new SamplingSettings(temperature, 0, 1, 0, 1, seed);
    }
}
