package konsil.train.grpo;

/** How much better than the others of its group an answer is. */
final class Advantages {
    private static final double EPS = 1e-4;

    private Advantages() {}

    /** (reward - mean) / (standard deviation + 1e-4), the deviation with n - 1, as TRL has it. */
    static double[] of(double[] rewards) {
        double mean = mean(rewards);
        double deviation = deviation(rewards);
        var advantages = new double[rewards.length];
        for (int i = 0; i < rewards.length; i++) {
            advantages[i] = (rewards[i] - mean) / (deviation + EPS);
        }
        return advantages;
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    static double deviation(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return values.length < 2 ? 0 : Math.sqrt(sum / (values.length - 1));
    }
}
