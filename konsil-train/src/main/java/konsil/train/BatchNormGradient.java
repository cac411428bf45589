package konsil.train;

import konsil.kernel.Rows;
import konsil.tensor.Step;

/**
 * The way back through a batch normalisation whose mean and variance are those of its input (Ioffe and Szegedy, ICML
 * 2015): with x' the normalised input, dx = weight / sqrt(variance + eps) (dy - mean(dy) - x' mean(dy x')).
 */
final class BatchNormGradient {
    private BatchNormGradient() {}

    /**
     * Computes both gradients.
     *
     * @param dx like the input, written
     * @param dWeight (1, n), written
     */
    static void run(TrainingEngine engine, Step.BatchNorm s, Rows dy, Rows dx, Rows dWeight) {
        int rows = dy.rows();
        int cols = dy.cols();
        var space = engine.workspace();
        try (var _ = space.mark()) {
            Rows inverse = space.rows(1, cols);
            Rows minusMean = space.rows(1, cols);
            for (int c = 0; c < cols; c++) {
                double variance = s.statistics().variance().rows().get(0, c);
                inverse.set(
                        0, c, (float) (1 / Math.sqrt(variance + s.statistics().eps())));
                minusMean.set(0, c, -s.statistics().mean().rows().get(0, c));
            }
            Rows normed = space.rows(rows, cols);
            Rows other = space.rows(rows, cols);
            engine.kernels().addBias(s.x().rows(), minusMean, other);
            engine.kernels().depthwiseConv1d(other, inverse, 0, normed);
            engine.gradientKernels().productSums(dy, normed, dWeight);
            Rows sums = space.rows(1, cols);
            engine.gradientKernels().columnSums(dy, sums);
            Rows factor = space.rows(1, cols);
            Rows ofNormed = space.rows(1, cols);
            Rows summand = space.rows(1, cols);
            for (int c = 0; c < cols; c++) {
                double f = (double) s.weight().rows().get(0, c) * inverse.get(0, c);
                factor.set(0, c, (float) f);
                ofNormed.set(0, c, (float) (-f * dWeight.get(0, c) / rows));
                summand.set(0, c, (float) (-f * sums.get(0, c) / rows));
            }
            engine.kernels().depthwiseConv1d(dy, factor, 0, dx);
            engine.kernels().depthwiseConv1d(normed, ofNormed, 0, other);
            engine.kernels().add(dx, other, dx);
            engine.kernels().addBias(dx, summand, dx);
        }
    }
}
