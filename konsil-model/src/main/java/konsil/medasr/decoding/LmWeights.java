package konsil.medasr.decoding;

import konsil.tensor.BadInputException;

/**
 * How much a language model counts. The defaults are pyctcdecode's, which MedASR's notebook uses.
 *
 * @param alpha the weight of its natural logarithms, 0 to 100
 * @param beta what every token gains, against the model's liking for few
 * @param unknown added to the log10 of a token that the model does not know
 */
public record LmWeights(double alpha, double beta, double unknown) {
    public static final LmWeights DEFAULT = new LmWeights(0.5, 1.5, -10);

    public LmWeights {
        if (!(alpha >= 0 && alpha <= 100) || !(Math.abs(beta) <= 100) || !(unknown <= 0 && unknown >= -1000)) {
            throw new BadInputException("language model weights: want alpha 0 to 100, beta -100 to 100,"
                    + " unknown -1000 to 0, got %s, %s, %s".formatted(alpha, beta, unknown));
        }
    }
}
