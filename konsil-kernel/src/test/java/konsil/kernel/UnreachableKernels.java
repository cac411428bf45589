package konsil.kernel;

import java.lang.foreign.MemorySegment;

/** Kernels that nobody may call. */
final class UnreachableKernels implements Kernels {
    private static AssertionError reached(String operation) {
        return new AssertionError(operation + " was reached");
    }

    @Override
    public String name() {
        return "unreachable";
    }

    @Override
    public String describe() {
        return "unreachable, for tests";
    }

    @Override
    public void matmul(Rows x, PackedWeights w, Rows y) {
        throw reached("matmul");
    }

    @Override
    public void store(Rows k, Rows v, KvTiles into, long first) {
        throw reached("store");
    }

    @Override
    public void attention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y) {
        throw reached("attention");
    }

    @Override
    public void rmsNorm(Rows x, Rows weight, float eps, Rows y) {
        throw reached("rmsNorm");
    }

    @Override
    public void layerNorm(Rows x, Rows weight, Rows bias, float eps, Rows y) {
        throw reached("layerNorm");
    }

    @Override
    public void rope(Rows x, int headDim, Rows cos, Rows sin, Rows y) {
        throw reached("rope");
    }

    @Override
    public void add(Rows a, Rows b, Rows y) {
        throw reached("add");
    }

    @Override
    public void addBias(Rows x, Rows bias, Rows y) {
        throw reached("addBias");
    }

    @Override
    public void scale(Rows x, float factor, Rows y) {
        throw reached("scale");
    }

    @Override
    public void activate(Activation f, Rows x, Rows y) {
        throw reached("activate");
    }

    @Override
    public void gate(Activation f, Rows gate, Rows up, Rows y) {
        throw reached("gate");
    }

    @Override
    public void softmax(Rows x, Rows y) {
        throw reached("softmax");
    }

    @Override
    public void logSoftmax(Rows x, Rows y) {
        throw reached("logSoftmax");
    }

    @Override
    public void argmax(Rows x, int[] columns) {
        throw reached("argmax");
    }

    @Override
    public void conv1d(Rows x, PackedWeights w, int stride, Rows y) {
        throw reached("conv1d");
    }

    @Override
    public void depthwiseConv1d(Rows x, Rows taps, int left, Rows y) {
        throw reached("depthwiseConv1d");
    }

    @Override
    public void patches(Rows image, int channels, int patch, Rows y) {
        throw reached("patches");
    }

    @Override
    public void averagePool(Rows x, int pool, Rows y) {
        throw reached("averagePool");
    }

    @Override
    public void toBf16(Rows x, MemorySegment y) {
        throw reached("toBf16");
    }

    @Override
    public void fromBf16(MemorySegment x, Rows y) {
        throw reached("fromBf16");
    }

    @Override
    public void quantise(Rows x, MemorySegment values, Rows scales) {
        throw reached("quantise");
    }
}
