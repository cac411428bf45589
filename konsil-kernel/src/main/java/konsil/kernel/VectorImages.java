package konsil.kernel;

/** Convolutions over time channel by channel, patches of images, and pooling. */
final class VectorImages {
    /** Of a convolution over time, computed together. */
    static final int TIMES = 8;

    private static final int L = Lanes.COUNT;

    private VectorImages() {}

    /**
     * Some times of {@link Kernels#depthwiseConv1d}. {@value #TIMES} of them that see no zeros outside share each
     * vector of taps; the sum of each is the same chain of operations in either way.
     */
    static void depthwise(Rows x, Rows taps, int left, Rows y, int from, int to) {
        boolean inside = from >= left && from - left + TIMES - 1 + taps.rows() <= x.rows();
        if (to - from < TIMES || !inside) {
            for (int time = from; time < to; time++) {
                depthwise(x, taps, left, y, time);
            }
            return;
        }
        int whole = x.cols() / L * L;
        for (int c = 0; c < whole; c += L) {
            together(
                    x.address(from - left) + 4L * c,
                    4L * x.stride(),
                    taps,
                    c,
                    y.address(from) + 4L * c,
                    4L * y.stride());
        }
        for (int time = from; time < to; time++) {
            rest(x, taps, left, y, time);
        }
    }

    /** The sums of a vector of channels at {@value #TIMES} times. @param x the first number that the first time sees */
    private static void together(long x, long xStep, Rows taps, int channel, long y, long yStep) {
        var a = Lanes.all(0);
        var b = a;
        var c = a;
        var d = a;
        var e = a;
        var f = a;
        var g = a;
        var h = a;
        for (int k = 0; k < taps.rows(); k++) {
            var tap = Lanes.load(taps.address(k) + 4L * channel);
            long at = x + k * xStep;
            a = tap.fma(Lanes.load(at), a);
            b = tap.fma(Lanes.load(at + xStep), b);
            c = tap.fma(Lanes.load(at + 2 * xStep), c);
            d = tap.fma(Lanes.load(at + 3 * xStep), d);
            e = tap.fma(Lanes.load(at + 4 * xStep), e);
            f = tap.fma(Lanes.load(at + 5 * xStep), f);
            g = tap.fma(Lanes.load(at + 6 * xStep), g);
            h = tap.fma(Lanes.load(at + 7 * xStep), h);
        }
        Lanes.store(a, y);
        Lanes.store(b, y + yStep);
        Lanes.store(c, y + 2 * yStep);
        Lanes.store(d, y + 3 * yStep);
        Lanes.store(e, y + 4 * yStep);
        Lanes.store(f, y + 5 * yStep);
        Lanes.store(g, y + 6 * yStep);
        Lanes.store(h, y + 7 * yStep);
    }

    private static void depthwise(Rows x, Rows taps, int left, Rows y, int time) {
        int first = Math.max(0, left - time);
        int end = Math.min(taps.rows(), x.rows() + left - time);
        int whole = x.cols() / L * L;
        for (int c = 0; c < whole; c += L) {
            var sum = Lanes.all(0);
            for (int k = first; k < end; k++) {
                var values = Lanes.load(x.address(time + k - left) + 4L * c);
                sum = Lanes.load(taps.address(k) + 4L * c).fma(values, sum);
            }
            Lanes.store(sum, y.address(time) + 4L * c);
        }
        rest(x, taps, left, y, time);
    }

    /** Channels that fill no vector. */
    private static void rest(Rows x, Rows taps, int left, Rows y, int time) {
        int first = Math.max(0, left - time);
        int end = Math.min(taps.rows(), x.rows() + left - time);
        for (int c = x.cols() / L * L; c < x.cols(); c++) {
            float sum = 0;
            for (int k = first; k < end; k++) {
                sum += taps.get(k, c) * x.get(time + k - left, c);
            }
            y.set(time, c, sum);
        }
    }

    /** One row of patches of {@link Kernels#patches}. */
    static void patches(Rows image, int channels, int patch, Rows y, int row) {
        int across = image.cols() / patch;
        int height = image.rows() / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < patch; i++) {
                long from = image.address(channel * height + row * patch + i);
                int column = (channel * patch + i) * patch;
                for (int p = 0; p < across; p++) {
                    Lanes.copy(from + 4L * p * patch, y.address(row * across + p) + 4L * column, patch);
                }
            }
        }
    }

    /** One square of {@link Kernels#averagePool}; its first corner is row {@code corner} of x. */
    static void average(Rows x, int side, int pool, int corner, long y) {
        float share = 1f / (pool * pool);
        int whole = x.cols() / L * L;
        for (int c = 0; c < whole; c += L) {
            var sum = Lanes.all(0);
            for (int i = 0; i < pool * pool; i++) {
                sum = sum.add(Lanes.load(x.address(corner + i / pool * side + i % pool) + 4L * c));
            }
            Lanes.store(sum.mul(share), y + 4L * c);
        }
        for (int c = whole; c < x.cols(); c++) {
            float sum = 0;
            for (int i = 0; i < pool * pool; i++) {
                sum += x.get(corner + i / pool * side + i % pool, c);
            }
            RawMemory.setFloat(y + 4L * c, sum * share);
        }
    }
}
