package konsil.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The reference: every operation as the plainest loop that keeps its contract. The other implementations are tested
 * against this one, and it runs where neither of them can. Statistics of a row (mean, variance, softmax sum) and the
 * transcendental functions are computed in double and rounded once, which makes it the more exact twin.
 */
public final class ScalarKernels implements Kernels {
    private final Workers workers;
    private final ScalarMatmul matmul;
    private final ScalarRows rows;

    public ScalarKernels(Workers workers) {
        this.workers = workers;
        matmul = new ScalarMatmul(workers);
        rows = new ScalarRows(workers);
    }

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public String describe() {
        return "scalar, plain Java loops, " + workers.cores() + " workers";
    }

    @Override
    public void matmul(Rows x, PackedWeights w, Rows y) {
        matmul.matmul(x, w, y);
    }

    @Override
    public void store(Rows k, Rows v, KvTiles into, long first) {
        TileStore.store(k, v, into, first, workers);
    }

    @Override
    public void attention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y) {
        workers.run(q.rows(), new ScalarAttention(q, kv, visible, shape, y)::query);
    }

    @Override
    public void rmsNorm(Rows x, Rows weight, float eps, Rows y) {
        rows.rmsNorm(x, weight, eps, y);
    }

    @Override
    public void layerNorm(Rows x, Rows weight, Rows bias, float eps, Rows y) {
        rows.layerNorm(x, weight, bias, eps, y);
    }

    @Override
    public void rope(Rows x, int headDim, Rows cos, Rows sin, Rows y) {
        rows.rope(x, headDim, cos, sin, y);
    }

    @Override
    public void add(Rows a, Rows b, Rows y) {
        rows.each(y, (r, c) -> a.get(r, c) + b.get(r, c));
    }

    @Override
    public void addBias(Rows x, Rows bias, Rows y) {
        rows.each(y, (r, c) -> x.get(r, c) + bias.get(0, c));
    }

    @Override
    public void scale(Rows x, float factor, Rows y) {
        rows.each(y, (r, c) -> factor * x.get(r, c));
    }

    @Override
    public void activate(Activation f, Rows x, Rows y) {
        rows.each(y, (r, c) -> (float) activation(f, x.get(r, c)));
    }

    @Override
    public void gate(Activation f, Rows gate, Rows up, Rows y) {
        rows.each(y, (r, c) -> (float) activation(f, gate.get(r, c)) * up.get(r, c));
    }

    private static double activation(Activation f, double x) {
        return switch (f) {
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x / (1 + Math.exp(-x));
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case RELU -> Math.max(x, 0);
        };
    }

    @Override
    public void softmax(Rows x, Rows y) {
        rows.softmax(x, y);
    }

    @Override
    public void logSoftmax(Rows x, Rows y) {
        rows.logSoftmax(x, y);
    }

    @Override
    public void argmax(Rows x, int[] columns) {
        rows.argmax(x, columns);
    }

    /** The windows that the kernel slides over are rows that overlap, so this is a matrix product. */
    @Override
    public void conv1d(Rows x, PackedWeights w, int stride, Rows y) {
        matmul(Windows.of(x, w.in(), stride, y.rows()), w, y);
    }

    @Override
    public void depthwiseConv1d(Rows x, Rows taps, int left, Rows y) {
        rows.each(y, (t, c) -> {
            float sum = 0;
            for (int k = 0; k < taps.rows(); k++) {
                int from = t + k - left;
                if (from >= 0 && from < x.rows()) {
                    sum += taps.get(k, c) * x.get(from, c);
                }
            }
            return sum;
        });
    }

    @Override
    public void patches(Rows image, int channels, int patch, Rows y) {
        int height = image.rows() / channels;
        int across = image.cols() / patch;
        rows.each(y, (r, c) -> {
            int channel = c / (patch * patch);
            int row = r / across * patch + c / patch % patch;
            return image.get(channel * height + row, r % across * patch + c % patch);
        });
    }

    @Override
    public void averagePool(Rows x, int pool, Rows y) {
        int side = (int) Math.round(Math.sqrt(x.rows()));
        int across = side / pool;
        rows.each(y, (r, c) -> {
            double sum = 0;
            for (int i = 0; i < pool * pool; i++) {
                int row = r / across * pool + i / pool;
                sum += x.get(row * side + r % across * pool + i % pool, c);
            }
            return (float) (sum / (pool * pool));
        });
    }

    @Override
    public void toBf16(Rows x, MemorySegment y) {
        workers.run(x.rows(), r -> {
            for (int c = 0; c < x.cols(); c++) {
                y.set(ValueLayout.JAVA_SHORT_UNALIGNED, at(x, r, c), (short) Bf16.bits(x.get(r, c)));
            }
        });
    }

    @Override
    public void fromBf16(MemorySegment x, Rows y) {
        rows.each(y, (r, c) -> Bf16.value(x.get(ValueLayout.JAVA_SHORT_UNALIGNED, at(y, r, c))));
    }

    private static long at(Rows dense, int row, int col) {
        return 2 * ((long) row * dense.cols() + col);
    }

    @Override
    public void quantise(Rows x, MemorySegment values, Rows scales) {
        int blocks = scales.cols();
        workers.run(x.rows(), r -> {
            var quants = new int[blocks * WeightFormat.BLOCK];
            for (int b = 0; b < blocks; b++) {
                scales.set(r, b, ScalarMatmul.quantiseBlock(x, r, b * WeightFormat.BLOCK, quants));
            }
            for (int i = 0; i < quants.length; i++) {
                values.set(ValueLayout.JAVA_BYTE, (long) r * quants.length + i, (byte) quants[i]);
            }
        });
    }
}
