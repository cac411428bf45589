package konsil.kernel;

import jdk.incubator.vector.FloatVector;

/**
 * The way back through one row of a norm, n = (x - mean) / sqrt(variance + eps) and y = n * weight + bias: dx = (g -
 * mean(g) - n * mean(g n)) / sqrt(variance + eps) with g = dy * weight. An RMS norm has no means.
 */
record NormRow(Rows weight, float eps, boolean centred) {
    private static final int L = Lanes.COUNT;

    /** @param sum address where dy * n is added */
    void back(Rows rows, GradientKernels.Gradient g, int r, long sum) {
        long x = rows.address(r);
        long dy = g.dy().address(r);
        int n = rows.cols();
        float mean = centred ? sum(x, n) / n : 0;
        float factor = (float) (1 / Math.sqrt((double) squares(x, mean, n) / n + eps));
        var ofG = Lanes.all(0);
        var ofGn = Lanes.all(0);
        long w = weight.address(0);
        for (int i = 0; i < n; i += L) {
            var left = Lanes.first(n - i);
            var above = Lanes.load(dy + 4L * i, left);
            var normed = normed(x, i, n, mean, factor);
            var weighted = above.mul(Lanes.load(w + 4L * i, left));
            ofG = ofG.add(weighted);
            ofGn = weighted.fma(normed, ofGn);
            Lanes.store(above.fma(normed, Lanes.load(sum + 4L * i)), sum + 4L * i);
        }
        float meanG = centred ? VectorMath.sum(ofG) / n : 0;
        float meanGn = VectorMath.sum(ofGn) / n;
        long dx = g.dx().address(r);
        for (int i = 0; i < n; i += L) {
            var left = Lanes.first(n - i);
            var weighted = Lanes.load(dy + 4L * i, left).mul(Lanes.load(w + 4L * i, left));
            var normed = normed(x, i, n, mean, factor);
            var part = weighted.sub(meanG).sub(normed.mul(meanGn)).mul(factor);
            Lanes.store(part, dx + 4L * i, left);
        }
    }

    /** Zero beyond the row. */
    private static FloatVector normed(long x, int i, int n, float mean, float factor) {
        var left = Lanes.first(n - i);
        return Lanes.load(x + 4L * i, left).sub(mean).mul(factor).blend(0, left.not());
    }

    private static float sum(long x, int n) {
        var sum = Lanes.all(0);
        for (int i = 0; i < n; i += L) {
            sum = sum.add(Lanes.load(x + 4L * i, Lanes.first(n - i)));
        }
        return VectorMath.sum(sum);
    }

    private static float squares(long x, float mean, int n) {
        var sum = Lanes.all(0);
        for (int i = 0; i < n; i += L) {
            var left = Lanes.first(n - i);
            var difference = Lanes.load(x + 4L * i, left).sub(mean).blend(0, left.not());
            sum = difference.fma(difference, sum);
        }
        return VectorMath.sum(sum);
    }
}
