package konsil.kernel;

/** Convolutions over time channel by channel, patches of images, and pooling. */
final class VectorImages {
    private static final int L = Lanes.COUNT;

    private VectorImages() {}

    /** One time of {@link Kernels#depthwiseConv1d}. */
    static void depthwise(Rows x, Rows taps, int left, Rows y, int time) {
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
        for (int c = whole; c < x.cols(); c++) {
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
