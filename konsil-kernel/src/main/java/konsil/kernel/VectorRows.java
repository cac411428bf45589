package konsil.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Operations on one row whose result depends on all of it. Rows come as {@link VectorPadding} gives them: columns
 * beyond {@code cols}, up to whole vectors, may be read and written, and hold what has no effect on the operation.
 */
final class VectorRows {
    private static final int L = Lanes.COUNT;

    private VectorRows() {}

    /** @param x address of a row, padded with zeros, as is weight */
    static void rmsNorm(long x, long weight, float eps, long y, int cols) {
        float factor = (float) (1 / Math.sqrt((double) sumOfSquares(x, 0, cols) / cols + eps));
        for (int i = 0; i < cols; i += L) {
            Lanes.store(Lanes.load(x + 4L * i).mul(factor).mul(Lanes.load(weight + 4L * i)), y + 4L * i);
        }
    }

    /**
     * Mean and variance in two passes, because the difference of two large sums would lose the variance.
     *
     * @param x address of a row, padded with zeros, as are weight and bias; the padding changes
     */
    static void layerNorm(long x, long weight, long bias, float eps, long y, int cols) {
        float mean = sum(x, cols) / cols;
        for (int i = cols; i % L != 0; i++) {
            RawMemory.setFloat(x + 4L * i, mean);
        }
        float factor = (float) (1 / Math.sqrt((double) sumOfSquares(x, mean, cols) / cols + eps));
        for (int i = 0; i < cols; i += L) {
            var scaled = Lanes.load(x + 4L * i).sub(mean).mul(factor);
            Lanes.store(scaled.fma(Lanes.load(weight + 4L * i), Lanes.load(bias + 4L * i)), y + 4L * i);
        }
    }

    private static float sum(long x, int cols) {
        var sum = FloatVector.zero(Lanes.F);
        for (int i = 0; i < cols; i += L) {
            sum = sum.add(Lanes.load(x + 4L * i));
        }
        return VectorMath.sum(sum);
    }

    /** The sum of (x - mean)^2. */
    private static float sumOfSquares(long x, float mean, int cols) {
        var sum = FloatVector.zero(Lanes.F);
        for (int i = 0; i < cols; i += L) {
            var difference = Lanes.load(x + 4L * i).sub(mean);
            sum = difference.fma(difference, sum);
        }
        return VectorMath.sum(sum);
    }

    /** One head of a row; all addresses are those of its first numbers. */
    static void rope(long x, int half, long cos, long sin, long y) {
        int whole = half / L * L;
        for (int i = 0; i < whole; i += L) {
            var c = Lanes.load(cos + 4L * i);
            var s = Lanes.load(sin + 4L * i);
            var first = Lanes.load(x + 4L * i);
            var second = Lanes.load(x + 4L * (half + i));
            Lanes.store(first.mul(c).sub(second.mul(s)), y + 4L * i);
            Lanes.store(second.mul(c).add(first.mul(s)), y + 4L * (half + i));
        }
        for (int i = whole; i < half; i++) {
            float c = RawMemory.getFloat(cos + 4L * i);
            float s = RawMemory.getFloat(sin + 4L * i);
            float first = RawMemory.getFloat(x + 4L * i);
            float second = RawMemory.getFloat(x + 4L * (half + i));
            RawMemory.setFloat(y + 4L * i, first * c - second * s);
            RawMemory.setFloat(y + 4L * (half + i), second * c + first * s);
        }
    }

    /** NaN counts as largest. */
    private static float largest(long x, int cols) {
        var largest = Lanes.all(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < cols; i += L) {
            largest = largest.max(Lanes.load(x + 4L * i));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    /** @param x address of a row, padded with -infinity */
    static void softmax(long x, long y, int cols) {
        float largest = largest(x, cols);
        var sums = FloatVector.zero(Lanes.F);
        for (int i = 0; i < cols; i += L) {
            var e = VectorMath.expOfNegative(Lanes.load(x + 4L * i).sub(largest));
            Lanes.store(e, y + 4L * i);
            sums = sums.add(e);
        }
        float sum = VectorMath.sum(sums);
        for (int i = 0; i < cols; i += L) {
            Lanes.store(Lanes.load(y + 4L * i).div(sum), y + 4L * i);
        }
    }

    /** @param x address of a row, padded with -infinity */
    static void logSoftmax(long x, long y, int cols) {
        float largest = largest(x, cols);
        var sums = FloatVector.zero(Lanes.F);
        for (int i = 0; i < cols; i += L) {
            sums = sums.add(VectorMath.expOfNegative(Lanes.load(x + 4L * i).sub(largest)));
        }
        float log = (float) StrictMath.log(VectorMath.sum(sums));
        for (int i = 0; i < cols; i += L) {
            Lanes.store(Lanes.load(x + 4L * i).sub(largest).sub(log), y + 4L * i);
        }
    }

    /**
     * Finds the largest first, then where it stands.
     *
     * @param x address of a row, padded with -infinity
     */
    static int argmax(long x, int cols) {
        float largest = largest(x, cols);
        int vector = Float.isNaN(largest) ? 0 : firstVectorWith(x, largest, cols);
        for (int i = vector; i < cols; i++) {
            float value = RawMemory.getFloat(x + 4L * i);
            if (value == largest || Float.isNaN(value)) {
                return i;
            }
        }
        throw new IllegalStateException("a row without columns has no largest");
    }

    private static int firstVectorWith(long x, float value, int cols) {
        for (int i = 0; i < cols; i += L) {
            if (Lanes.load(x + 4L * i).compare(VectorOperators.EQ, value).anyTrue()) {
                return i;
            }
        }
        return cols;
    }
}
