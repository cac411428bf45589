package konsil.kernel;

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
        long w = weight.address(0);
        float meanG = centred ? products(dy, w, n) / n : 0;
        float meanGn = new Pass(x, dy, w, mean, factor).products(n, sum) / n;
        new Pass(x, dy, w, mean, factor).write(n, meanG, meanGn, g.dx().address(r));
    }

    /** Loops are methods of their own, because the JIT compiler keeps vectors out of memory only in small ones. */
    private record Pass(long x, long dy, long w, float mean, float factor) {
        /** The sum of dy w n; dy n is added at {@code sum}. */
        float products(int n, long sum) {
            var products = Lanes.all(0);
            for (int i = 0; i < n; i += L) {
                int left = n - i;
                var normed = Lanes.load(x + 4L * i, left).sub(mean).mul(factor);
                var product = Lanes.load(dy + 4L * i, left).mul(normed); // zero where dy is: beyond the row
                products = product.fma(Lanes.load(w + 4L * i, left), products);
                Lanes.store(product.add(Lanes.load(sum + 4L * i)), sum + 4L * i);
            }
            return VectorMath.sum(products);
        }

        void write(int n, float meanG, float meanGn, long dx) {
            for (int i = 0; i < n; i += L) {
                int left = n - i;
                var normed = Lanes.load(x + 4L * i, left).sub(mean).mul(factor);
                var weighted = Lanes.load(dy + 4L * i, left).mul(Lanes.load(w + 4L * i, left));
                var part = weighted.sub(meanG).sub(normed.mul(meanGn)).mul(factor);
                Lanes.store(part, dx + 4L * i, left);
            }
        }
    }

    private static float products(long a, long b, int n) {
        var sum = Lanes.all(0);
        for (int i = 0; i < n; i += L) {
            sum = Lanes.load(a + 4L * i, n - i).fma(Lanes.load(b + 4L * i, n - i), sum);
        }
        return VectorMath.sum(sum);
    }

    private static float sum(long x, int n) {
        var sum = Lanes.all(0);
        for (int i = 0; i < n; i += L) {
            sum = sum.add(Lanes.load(x + 4L * i, n - i));
        }
        return VectorMath.sum(sum);
    }

    private static float squares(long x, float mean, int n) {
        var sum = Lanes.all(0);
        for (int i = 0; i < n; i += L) {
            int left = n - i;
            var difference = Lanes.fill(Lanes.load(x + 4L * i, left).sub(mean), left, 0);
            sum = difference.fma(difference, sum);
        }
        return VectorMath.sum(sum);
    }
}
