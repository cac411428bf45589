package konsil.tensor;

/**
 * What a batch normalisation learned about its input; frozen.
 *
 * @param mean (n)
 * @param variance (n)
 * @param eps added to the variance
 */
public record BatchStatistics(Tensor mean, Tensor variance, float eps) {
    public BatchStatistics {
        Require.rank("batch statistics", "mean", mean, 1);
        Require.sameShape("batch statistics", "variance", variance, mean);
    }
}
