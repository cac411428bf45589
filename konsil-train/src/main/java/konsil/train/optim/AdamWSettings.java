package konsil.train.optim;

import konsil.tensor.BadInputException;

/**
 * Constants of {@link AdamW}.
 *
 * @param beta1 how much of the running mean of gradients stays, 0 to 1
 * @param beta2 the same for their squares
 * @param eps added to the root of the squares
 * @param weightDecay how much of a value is taken off at each step, times the learning rate; only of those that decay
 */
public record AdamWSettings(double beta1, double beta2, double eps, double weightDecay) {
    /** What torch.optim.AdamW takes when nothing is said. */
    public static final AdamWSettings TORCH = new AdamWSettings(0.9, 0.999, 1e-8, 0.01);

    public AdamWSettings {
        require(beta1 >= 0 && beta1 < 1, "beta 1", "0 to 1, without 1", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta 2", "0 to 1, without 1", beta2);
        require(eps > 0 && Double.isFinite(eps), "eps", "more than 0", eps);
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "weight decay", "0 or more", weightDecay);
    }

    private static void require(boolean holds, String name, String want, double got) {
        if (!holds) {
            throw new BadInputException("%s: want %s, got %s".formatted(name, want, got));
        }
    }

    /** The same with another weight decay. */
    public AdamWSettings withWeightDecay(double other) {
        return new AdamWSettings(beta1, beta2, eps, other);
    }
}
