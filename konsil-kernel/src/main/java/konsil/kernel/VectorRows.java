package konsil.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Operations that go over matrices row by row, with the Vector API. Each lane sums its own columns, which is the same
 * for a row in any company.
 */
final class VectorRows {
    private static final float GELU_LINEAR = (float) Math.sqrt(2 / Math.PI);
    private static final float GELU_CUBIC = (float) (Math.sqrt(2 / Math.PI) * 0.044715);

    /** So many floats are worth handing to another thread. */
    private static final int FLOATS_PER_CHUNK = 1 << 15;

    private final Workers workers;

    VectorRows(Workers workers) {
        this.workers = workers;
    }

    /** What is computed of 16 floats, or however many lanes there are. */
    @FunctionalInterface
    interface Unary {
        FloatVector of(FloatVector x);
    }

    @FunctionalInterface
    interface Binary {
        FloatVector of(FloatVector a, FloatVector b);
    }

    void unary(Rows x, Rows y, Unary f) {
        eachRow(y, row -> {
            long from = x.address(row);
            long to = y.address(row);
            int cols = y.cols();
            int c = 0;
            for (; c + Lanes.COUNT <= cols; c += Lanes.COUNT) {
                Lanes.store(f.of(Lanes.load(from + 4L * c)), to + 4L * c);
            }
            if (c < cols) {
                var left = Lanes.first(cols - c);
                Lanes.store(f.of(Lanes.load(from + 4L * c, left)), to + 4L * c, left);
            }
        });
    }

    /** b has as many rows as a, or one for all. */
    void binary(Rows a, Rows b, Rows y, Binary f) {
        eachRow(y, row -> {
            long first = a.address(row);
            long second = b.address(b.rows() == 1 ? 0 : row);
            long to = y.address(row);
            int cols = y.cols();
            int c = 0;
            for (; c + Lanes.COUNT <= cols; c += Lanes.COUNT) {
                Lanes.store(f.of(Lanes.load(first + 4L * c), Lanes.load(second + 4L * c)), to + 4L * c);
            }
            if (c < cols) {
                var left = Lanes.first(cols - c);
                var result = f.of(Lanes.load(first + 4L * c, left), Lanes.load(second + 4L * c, left));
                Lanes.store(result, to + 4L * c, left);
            }
        });
    }

    void rmsNorm(Rows x, Rows weight, float eps, Rows y) {
        eachRow(x, row -> {
            float squares = sum(x.address(row), x.cols(), v -> v.mul(v));
            float factor = (float) (1 / Math.sqrt(squares / x.cols() + eps));
            norm(x.address(row), y.address(row), x.cols(), 0, factor, weight.address(0));
        });
    }

    void layerNorm(Rows x, Rows weight, Rows bias, float eps, Rows y) {
        eachRow(x, row -> {
            float mean = sum(x.address(row), x.cols(), v -> v) / x.cols();
            float squares = sum(x.address(row), x.cols(), v -> v.sub(mean).mul(v.sub(mean)));
            float factor = (float) (1 / Math.sqrt(squares / x.cols() + eps));
            norm(x.address(row), y.address(row), x.cols(), mean, factor, weight.address(0));
        });
        binary(y, bias, y, FloatVector::add);
    }

    private static void norm(long x, long y, int cols, float mean, float factor, long weight) {
        for (int c = 0; c < cols; c += Lanes.COUNT) {
            var left = Lanes.first(cols - c);
            var centred = Lanes.load(x + 4L * c, left).sub(mean).mul(factor);
            Lanes.store(centred.mul(Lanes.load(weight + 4L * c, left)), y + 4L * c, left);
        }
    }

    private static float sum(long x, int cols, Unary term) {
        var sum = FloatVector.zero(Lanes.F);
        int c = 0;
        for (; c + Lanes.COUNT <= cols; c += Lanes.COUNT) {
            sum = sum.add(term.of(Lanes.load(x + 4L * c)));
        }
        if (c < cols) {
            VectorMask<Float> left = Lanes.first(cols - c);
            sum = sum.add(term.of(Lanes.load(x + 4L * c, left)), left);
        }
        return Lanes.sum(sum);
    }

    private static float largest(long x, int cols) {
        var largest = Lanes.all(Float.NEGATIVE_INFINITY);
        for (int c = 0; c < cols; c += Lanes.COUNT) {
            var left = Lanes.first(cols - c);
            largest = largest.lanewise(VectorOperators.MAX, Lanes.load(x + 4L * c, left), left); // NaN wins
        }
        return largest.reduceLanes(VectorOperators.MAX);
    }

    void softmax(Rows x, Rows y) {
        eachRow(x, row -> {
            float largest = largest(x.address(row), x.cols());
            float sum = sum(x.address(row), x.cols(), v -> VectorExponential.exp(v.sub(largest)));
            one(x.slice(row, 1), y.slice(row, 1), v -> VectorExponential.exp(v.sub(largest))
                    .div(sum));
        });
    }

    void logSoftmax(Rows x, Rows y) {
        eachRow(x, row -> {
            float largest = largest(x.address(row), x.cols());
            double sum = sum(x.address(row), x.cols(), v -> VectorExponential.exp(v.sub(largest)));
            float log = (float) Math.log(sum);
            one(x.slice(row, 1), y.slice(row, 1), v -> v.sub(largest).sub(log));
        });
    }

    private static void one(Rows x, Rows y, Unary f) {
        for (int c = 0; c < x.cols(); c += Lanes.COUNT) {
            var left = Lanes.first(x.cols() - c);
            Lanes.store(f.of(Lanes.load(x.address(0) + 4L * c, left)), y.address(0) + 4L * c, left);
        }
    }

    void rope(Rows x, int headDim, Rows cos, Rows sin, Rows y) {
        int half = headDim / 2;
        eachRow(x, row -> {
            for (int head = 0; head < x.cols(); head += headDim) {
                long first = x.address(row) + 4L * head;
                long to = y.address(row) + 4L * head;
                for (int d = 0; d < half; d += Lanes.COUNT) {
                    var left = Lanes.first(half - d);
                    var a = Lanes.load(first + 4L * d, left);
                    var b = Lanes.load(first + 4L * (d + half), left);
                    var c = Lanes.load(cos.address(row) + 4L * d, left);
                    var s = Lanes.load(sin.address(row) + 4L * d, left);
                    Lanes.store(a.mul(c).sub(b.mul(s)), to + 4L * d, left);
                    Lanes.store(b.mul(c).add(a.mul(s)), to + 4L * (d + half), left);
                }
            }
        });
    }

    void depthwiseConv1d(Rows x, Rows taps, int left, Rows y) {
        eachRow(y, t -> {
            int from = Math.max(0, left - t);
            int to = Math.min(taps.rows(), x.rows() + left - t);
            for (int c = 0; c < y.cols(); c += Lanes.COUNT) {
                var there = Lanes.first(y.cols() - c);
                var sum = FloatVector.zero(Lanes.F);
                for (int k = from; k < to; k++) {
                    var tap = Lanes.load(taps.address(k) + 4L * c, there);
                    sum = sum.add(tap.mul(Lanes.load(x.address(t + k - left) + 4L * c, there)));
                }
                Lanes.store(sum, y.address(t) + 4L * c, there);
            }
        });
    }

    void activate(Activation f, Rows x, Rows y) {
        unary(x, y, activation(f));
    }

    void gate(Activation f, Rows gate, Rows up, Rows y) {
        var activation = activation(f);
        binary(gate, up, y, (a, b) -> activation.of(a).mul(b));
    }

    /** tanh(u) is 2 / (1 + exp(-2 u)) - 1, so GELU is x / (1 + exp(-2 u)). */
    private static Unary activation(Activation f) {
        return switch (f) {
            case GELU_TANH ->
                x -> {
                    var u = x.mul(x.mul(x).mul(GELU_CUBIC).add(GELU_LINEAR));
                    return x.div(VectorExponential.exp(u.mul(-2)).add(1));
                };
            case SILU -> x -> x.div(VectorExponential.exp(x.neg()).add(1));
            case SIGMOID -> x -> Lanes.all(1).div(VectorExponential.exp(x.neg()).add(1));
            case RELU -> x -> x.max(0);
        };
    }

    void eachRow(Rows rows, Workers.Task task) {
        int perChunk = Math.max(1, FLOATS_PER_CHUNK / Math.max(1, rows.cols()));
        workers.run(Math.ceilDiv(rows.rows(), perChunk), chunk -> {
            int end = Math.min(rows.rows(), (chunk + 1) * perChunk);
            for (int row = chunk * perChunk; row < end; row++) {
                task.run(row);
            }
        });
    }
}
