package konsil.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Operations on one row whose result depends on all of it. Columns that do not fill a vector are masked. */
final class VectorRows {
    private static final int L = Lanes.COUNT;

    private VectorRows() {}

    /** @param x address of a row of {@code cols}, as are y, weight and bias */
    static void rmsNorm(long x, long weight, float eps, long y, int cols) {
        int whole = cols / L * L;
        var left = Lanes.first(cols - whole);
        var tail = Lanes.load(x + 4L * whole, left);
        var squares = tail.mul(tail);
        for (int i = 0; i < whole; i += L) {
            var v = Lanes.load(x + 4L * i);
            squares = v.fma(v, squares);
        }
        float factor = (float) (1 / Math.sqrt((double) VectorMath.sum(squares) / cols + eps));
        for (int i = 0; i < whole; i += L) {
            Lanes.store(Lanes.load(x + 4L * i).mul(factor).mul(Lanes.load(weight + 4L * i)), y + 4L * i);
        }
        Lanes.store(tail.mul(factor).mul(Lanes.load(weight + 4L * whole, left)), y + 4L * whole, left);
    }

    /** Mean and variance in two passes, because the difference of two large sums would lose the variance. */
    static void layerNorm(long x, long weight, long bias, float eps, long y, int cols) {
        int whole = cols / L * L;
        var left = Lanes.first(cols - whole);
        var sum = Lanes.load(x + 4L * whole, left);
        for (int i = 0; i < whole; i += L) {
            sum = sum.add(Lanes.load(x + 4L * i));
        }
        float mean = VectorMath.sum(sum) / cols;
        var tail = Lanes.load(x + 4L * whole, left).sub(mean).blend(0, left.not());
        var squares = tail.mul(tail);
        for (int i = 0; i < whole; i += L) {
            var v = Lanes.load(x + 4L * i).sub(mean);
            squares = v.fma(v, squares);
        }
        float factor = (float) (1 / Math.sqrt((double) VectorMath.sum(squares) / cols + eps));
        for (int i = 0; i < whole; i += L) {
            var scaled = Lanes.load(x + 4L * i).sub(mean).mul(factor);
            Lanes.store(scaled.fma(Lanes.load(weight + 4L * i), Lanes.load(bias + 4L * i)), y + 4L * i);
        }
        var weights = Lanes.load(weight + 4L * whole, left);
        Lanes.store(tail.mul(factor).fma(weights, Lanes.load(bias + 4L * whole, left)), y + 4L * whole, left);
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

    /** The last columns of a row, and -infinity in the other lanes. */
    private static FloatVector tail(long x, int cols, int whole) {
        var left = Lanes.first(cols - whole);
        return Lanes.load(x + 4L * whole, left).blend(Float.NEGATIVE_INFINITY, left.not());
    }

    /** NaN counts as largest. */
    private static float largest(long x, int cols) {
        int whole = cols / L * L;
        var largest = tail(x, cols, whole);
        for (int i = 0; i < whole; i += L) {
            largest = largest.max(Lanes.load(x + 4L * i));
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    static void softmax(long x, long y, int cols) {
        float largest = largest(x, cols);
        int whole = cols / L * L;
        var tail = VectorMath.expOfNegative(tail(x, cols, whole).sub(largest));
        var sums = tail;
        for (int i = 0; i < whole; i += L) {
            var e = VectorMath.expOfNegative(Lanes.load(x + 4L * i).sub(largest));
            Lanes.store(e, y + 4L * i);
            sums = sums.add(e);
        }
        float sum = VectorMath.sum(sums);
        for (int i = 0; i < whole; i += L) {
            Lanes.store(Lanes.load(y + 4L * i).div(sum), y + 4L * i);
        }
        Lanes.store(tail.div(sum), y + 4L * whole, Lanes.first(cols - whole));
    }

    static void logSoftmax(long x, long y, int cols) {
        float largest = largest(x, cols);
        int whole = cols / L * L;
        var tail = tail(x, cols, whole).sub(largest);
        var sums = VectorMath.expOfNegative(tail);
        for (int i = 0; i < whole; i += L) {
            sums = sums.add(VectorMath.expOfNegative(Lanes.load(x + 4L * i).sub(largest)));
        }
        float log = (float) StrictMath.log(VectorMath.sum(sums));
        for (int i = 0; i < whole; i += L) {
            Lanes.store(Lanes.load(x + 4L * i).sub(largest).sub(log), y + 4L * i);
        }
        Lanes.store(tail.sub(log), y + 4L * whole, Lanes.first(cols - whole));
    }

    /** Finds the largest first, then where it stands. */
    static int argmax(long x, int cols) {
        float largest = largest(x, cols);
        int i = 0;
        if (!Float.isNaN(largest)) {
            while (i + L <= cols && !Lanes.load(x + 4L * i).eq(largest).anyTrue()) {
                i += L;
            }
        }
        for (; i < cols; i++) {
            float value = RawMemory.getFloat(x + 4L * i);
            if (value == largest || Float.isNaN(value)) {
                return i;
            }
        }
        throw new IllegalStateException("a row without columns has no largest");
    }
}
