package konsil.kernel;

import java.lang.foreign.MemorySegment;
import konsil.kernel.code.Arithmetic;
import konsil.kernel.code.CodeMemory;
import konsil.kernel.code.Elementwise;

/**
 * Kernels whose loops are AVX-512 machine code, written when they are first needed: no warm-up, and the bf16 and 8-bit
 * dot products that Java cannot name. Where the processor has none for bf16, pairs are widened to f32. Operations
 * without machine code are the vector twin's.
 */
public final class MachineKernels implements Kernels, AutoCloseable {
    private final Kernels twin;
    private final Workers workers;
    private final CpuFeatures features;
    private final Scratch scratch = new Scratch();
    private final MachineMatmul matmul;
    private final MachineAttention attention;
    private final MachineStore store;
    private final MachineRows rows;

    /**
     * @param features of the processor, {@link CpuFeatures#enough}
     * @param twin does what has no machine code
     */
    MachineKernels(CodeMemory code, CpuFeatures features, Workers workers, Kernels twin) {
        this.twin = twin;
        this.workers = workers;
        this.features = features;
        var bf16 = features.bf16() ? Arithmetic.BF16 : Arithmetic.WIDENED;
        matmul = new MachineMatmul(code, bf16, scratch, workers);
        attention = new MachineAttention(code, bf16, scratch, workers);
        store = new MachineStore(code, scratch);
        rows = new MachineRows(code, scratch, workers);
    }

    @Override
    public String name() {
        return "machine";
    }

    @Override
    public String describe() {
        return "machine, AVX-512 with 8-bit%s dot products, %s%d threads"
                .formatted(
                        features.bf16() ? " and bf16" : "",
                        features.bf16() ? "" : "bf16 widened to f32, ",
                        workers.cores());
    }

    @Override
    public void matmul(Rows x, PackedWeights w, Rows y) {
        matmul.matmul(x, w, y);
    }

    @Override
    public void attention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y) {
        if (shape.softCap() != 0) {
            twin.attention(q, kv, visible, shape, y);
        } else {
            attention.attention(q, kv, visible, shape, y);
        }
    }

    @Override
    public void store(Rows k, Rows v, KvTiles into, long first) {
        if (into.format().quantised()) {
            TileStore.store(k, v, into, first, workers);
        } else {
            store.store(k, v, into, first, workers);
        }
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
        if (headDim % 32 == 0) {
            rows.rope(x, headDim, cos, sin, y);
        } else {
            twin.rope(x, headDim, cos, sin, y);
        }
    }

    @Override
    public void add(Rows a, Rows b, Rows y) {
        rows.elementwise(Elementwise.Function.ADD, a, b, 0, y);
    }

    @Override
    public void addBias(Rows x, Rows bias, Rows y) {
        rows.elementwise(Elementwise.Function.ADD, x, bias, 0, y);
    }

    @Override
    public void scale(Rows x, float factor, Rows y) {
        rows.elementwise(Elementwise.Function.SCALE, x, x, factor, y);
    }

    @Override
    public void activate(Activation f, Rows x, Rows y) {
        var function =
                switch (f) {
                    case GELU_TANH -> Elementwise.Function.GELU_TANH;
                    case SILU -> Elementwise.Function.SILU;
                    case SIGMOID -> Elementwise.Function.SIGMOID;
                    case RELU -> Elementwise.Function.RELU;
                };
        rows.elementwise(function, x, x, 0, y);
    }

    @Override
    public void gate(Activation f, Rows gate, Rows up, Rows y) {
        var function =
                switch (f) {
                    case GELU_TANH -> Elementwise.Function.GATED_GELU_TANH;
                    case SILU -> Elementwise.Function.GATED_SILU;
                    case SIGMOID -> Elementwise.Function.GATED_SIGMOID;
                    case RELU -> Elementwise.Function.GATED_RELU;
                };
        rows.elementwise(function, gate, up, 0, y);
    }

    @Override
    public void softmax(Rows x, Rows y) {
        twin.softmax(x, y);
    }

    @Override
    public void logSoftmax(Rows x, Rows y) {
        twin.logSoftmax(x, y);
    }

    @Override
    public void argmax(Rows x, int[] columns) {
        twin.argmax(x, columns);
    }

    @Override
    public void conv1d(Rows x, PackedWeights w, int stride, Rows y) {
        int kernel = x.cols() == 0 ? 0 : w.in() / x.cols();
        if (y.rows() > 0) {
            matmul(new Rows(x.data(), y.rows(), kernel * x.cols(), stride * x.stride()), w, y);
        }
    }

    @Override
    public void depthwiseConv1d(Rows x, Rows taps, int left, Rows y) {
        twin.depthwiseConv1d(x, taps, left, y);
    }

    @Override
    public void patches(Rows image, int channels, int patch, Rows y) {
        twin.patches(image, channels, patch, y);
    }

    @Override
    public void averagePool(Rows x, int pool, Rows y) {
        twin.averagePool(x, pool, y);
    }

    @Override
    public void toBf16(Rows x, MemorySegment y) {
        twin.toBf16(x, y);
    }

    @Override
    public void fromBf16(MemorySegment x, Rows y) {
        twin.fromBf16(x, y);
    }

    @Override
    public void quantise(Rows x, MemorySegment values, Rows scales) {
        twin.quantise(x, values, scales);
    }

    /** Gives the working memory back; the machine code stays, others may use it. */
    @Override
    public void close() {
        scratch.close();
    }
}
