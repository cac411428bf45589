package konsil.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The Vector API at the processor's preferred width, for every processor without machine code of its own. Operations
 * that only move numbers are the scalar kernels'.
 */
public final class VectorKernels implements Kernels {
    private final Workers workers;
    private final Kernels scalar;
    private final ScalarMatmul matmul;
    private final VectorRows rows;

    public VectorKernels(Workers workers) {
        this.workers = workers;
        scalar = new ScalarKernels(workers);
        matmul = new ScalarMatmul(workers);
        rows = new VectorRows(workers);
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String describe() {
        return "vector, %d bit, %d workers".formatted(Lanes.F.vectorBitSize(), workers.cores());
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
        new VectorAttention(q, kv, visible, shape, y).run(workers);
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
        rows.binary(a, b, y, FloatVector::add);
    }

    @Override
    public void addBias(Rows x, Rows bias, Rows y) {
        rows.binary(x, bias, y, FloatVector::add);
    }

    @Override
    public void scale(Rows x, float factor, Rows y) {
        rows.unary(x, y, v -> v.mul(factor));
    }

    @Override
    public void activate(Activation f, Rows x, Rows y) {
        rows.activate(f, x, y);
    }

    @Override
    public void gate(Activation f, Rows gate, Rows up, Rows y) {
        rows.gate(f, gate, up, y);
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
        scalar.argmax(x, columns);
    }

    /** The windows that the kernel slides over are rows that overlap, so this is a matrix product. */
    @Override
    public void conv1d(Rows x, PackedWeights w, int stride, Rows y) {
        matmul(Windows.of(x, w.in(), stride, y.rows()), w, y);
    }

    @Override
    public void depthwiseConv1d(Rows x, Rows taps, int left, Rows y) {
        rows.depthwiseConv1d(x, taps, left, y);
    }

    @Override
    public void patches(Rows image, int channels, int patch, Rows y) {
        scalar.patches(image, channels, patch, y);
    }

    @Override
    public void averagePool(Rows x, int pool, Rows y) {
        scalar.averagePool(x, pool, y);
    }

    @Override
    public void toBf16(Rows x, MemorySegment y) {
        scalar.toBf16(x, y);
    }

    @Override
    public void fromBf16(MemorySegment x, Rows y) {
        scalar.fromBf16(x, y);
    }

    @Override
    public void quantise(Rows x, MemorySegment values, Rows scales) {
        scalar.quantise(x, values, scales);
    }
}
