package konsil.train.grpo;

/**
 * The clipped objective of one answer (PPO, arXiv:1707.06347, with the divergence of arXiv:2402.03300): for each token
 * the loss -min(ratio A, clip(ratio, 1 - e, 1 + e) A) + beta (exp(d) - d - 1), ratio = p / p when drawn, d = log p
 * without adapter - log p.
 *
 * @param before logarithms when the answer was drawn; empty for those of now
 * @param base logarithms without the adapter; empty where beta is 0
 * @param weight of each token in the step's mean
 */
@SuppressWarnings("ArrayRecordComponent")
record ClippedObjective(double advantage, double[] before, double[] base, double epsilon, double beta, double weight) {
    private double ratio(int token, double log) {
        return before.length == 0 ? 1 : Math.exp(log - before[token]);
    }

    /** Whether a token's ratio lies where its advantage no longer counts. */
    boolean clipped(int token, double log) {
        double ratio = ratio(token, log);
        return advantage > 0 && ratio > 1 + epsilon || advantage < 0 && ratio < 1 - epsilon;
    }

    /** The loss of a token, weighted. */
    double loss(int token, double log) {
        double ratio = ratio(token, log);
        double gain = Math.min(ratio * advantage, Math.clamp(ratio, 1 - epsilon, 1 + epsilon) * advantage);
        return weight * (-gain + beta * divergence(token, log));
    }

    /** How far a token's probability went from the one without adapter; 0 or more. */
    double divergence(int token, double log) {
        if (base.length == 0) {
            return 0;
        }
        double d = base[token] - log;
        return Math.expm1(d) - d;
    }

    /** The loss's derivative with regard to the logarithm. */
    double slope(int token, double log) {
        double gain = clipped(token, log) ? 0 : ratio(token, log) * advantage;
        double pull = base.length == 0 ? 0 : -beta * Math.expm1(base[token] - log);
        return weight * (-gain + pull);
    }
}
