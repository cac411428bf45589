package konsil.tensor;

/**
 * Mean and variance of each column that a batch normalisation takes off.
 *
 * @param mean (n)
 * @param variance (n)
 * @param eps added to the variance
 * @param ofBatch false: what was learned before, left as it is. True, for training: the mean and the variance (divided
 *     by the number of rows) of the very rows that are normalised, which are written here each time
 */
public record BatchStatistics(Tensor mean, Tensor variance, float eps, boolean ofBatch) {
    public BatchStatistics {
        Require.rank("batch statistics", "mean", mean, 1);
        Require.sameShape("batch statistics", "variance", variance, mean);
    }

    /** What was learned before. */
    public BatchStatistics(Tensor mean, Tensor variance, float eps) {
        this(mean, variance, eps, false);
    }

    /** Takes those of rows, summed in double. */
    void observe(Tensor x) {
        int cols = x.cols();
        int rows = Math.toIntExact(x.size() / cols);
        Require.that(rows >= 1, "batchNorm", "x", "at least one row", x);
        float[] values = x.toArray();
        double[] sums = new double[cols];
        for (int i = 0; i < values.length; i++) {
            sums[i % cols] += values[i];
        }
        double[] squares = new double[cols];
        for (int i = 0; i < values.length; i++) {
            double centred = values[i] - sums[i % cols] / rows;
            squares[i % cols] += centred * centred;
        }
        for (int c = 0; c < cols; c++) {
            mean.rows().set(0, c, (float) (sums[c] / rows));
            variance.rows().set(0, c, (float) (squares[c] / rows));
        }
    }
}
