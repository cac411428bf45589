package konsil.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Kernels in the Vector API, as wide as the processor's vectors, for every processor that has fused multiply-adds. They
 * need some seconds of running before the JIT compiler has made machine instructions of them.
 */
public final class VectorKernels implements Kernels, AutoCloseable {
    private final Workers workers;
    private final Scratch scratch = new Scratch();
    private final VectorMatmul matmul;
    private final VectorAttention attention;
    private final VectorElements elements;
    private final VectorPadding padding;

    public VectorKernels(Workers workers) {
        this.workers = workers;
        var floats = new Floats();
        matmul = new VectorMatmul(scratch, floats, workers);
        attention = new VectorAttention(scratch, floats, workers);
        elements = new VectorElements(scratch, workers);
        padding = new VectorPadding(scratch, workers);
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String describe() {
        return "vector, %d bit, %d workers".formatted(8 * Lanes.BYTES, workers.cores());
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
        attention.attention(q, kv, visible, shape, y);
    }

    @Override
    public void rmsNorm(Rows x, Rows weight, float eps, Rows y) {
        var w = padding.padded(weight);
        padding.eachRow(x, y, 0, (_, from, to) -> VectorRows.rmsNorm(from, w.address(), eps, to, x.cols()));
        padding.giveBack(w, weight);
    }

    @Override
    public void layerNorm(Rows x, Rows weight, Rows bias, float eps, Rows y) {
        var w = padding.padded(weight);
        var b = padding.padded(bias);
        padding.eachRow(x, y, 0, (_, from, to) -> {
            VectorRows.layerNorm(from, w.address(), b.address(), eps, to, x.cols());
        });
        padding.giveBack(w, weight);
        padding.giveBack(b, bias);
    }

    @Override
    public void rope(Rows x, int headDim, Rows cos, Rows sin, Rows y) {
        eachRow(y, r -> {
            for (long head = 0; head < 4L * x.cols(); head += 4L * headDim) {
                VectorRows.rope(x.address(r) + head, headDim / 2, cos.address(r), sin.address(r), y.address(r) + head);
            }
        });
    }

    @Override
    public void add(Rows a, Rows b, Rows y) {
        elements.each(a, b, y, VectorElements::add);
    }

    @Override
    public void addBias(Rows x, Rows bias, Rows y) {
        elements.each(x, bias, y, VectorElements::add);
    }

    @Override
    public void scale(Rows x, float factor, Rows y) {
        elements.each(x, x, y, (a, _, to, n) -> VectorElements.scale(a, factor, to, n));
    }

    @Override
    public void activate(Activation f, Rows x, Rows y) {
        elements.each(x, x, y, VectorElements.activation(f));
    }

    @Override
    public void gate(Activation f, Rows gate, Rows up, Rows y) {
        elements.each(gate, up, y, VectorElements.gate(f));
    }

    @Override
    public void softmax(Rows x, Rows y) {
        padding.eachRow(x, y, Float.NEGATIVE_INFINITY, (_, from, to) -> VectorRows.softmax(from, to, x.cols()));
    }

    @Override
    public void logSoftmax(Rows x, Rows y) {
        padding.eachRow(x, y, Float.NEGATIVE_INFINITY, (_, from, to) -> VectorRows.logSoftmax(from, to, x.cols()));
    }

    @Override
    public void argmax(Rows x, int[] columns) {
        padding.eachRow(x, Float.NEGATIVE_INFINITY, (r, from, _) -> {
            columns[r] = VectorRows.argmax(from, x.cols());
        });
    }

    /** The windows that the kernel slides over are rows that overlap, so this is a matrix product. */
    @Override
    public void conv1d(Rows x, PackedWeights w, int stride, Rows y) {
        matmul(Windows.of(x, w.in(), stride, y.rows()), w, y);
    }

    @Override
    public void depthwiseConv1d(Rows x, Rows taps, int left, Rows y) {
        int together = VectorImages.TIMES;
        workers.run(Math.ceilDiv(y.rows(), together), chunk -> {
            int first = chunk * together;
            VectorImages.depthwise(x, taps, left, y, first, Math.min(y.rows(), first + together));
        });
    }

    @Override
    public void patches(Rows image, int channels, int patch, Rows y) {
        workers.run(image.rows() / channels / patch, row -> VectorImages.patches(image, channels, patch, y, row));
    }

    @Override
    public void averagePool(Rows x, int pool, Rows y) {
        int side = (int) Math.round(Math.sqrt(x.rows()));
        int across = side / pool;
        eachRow(y, r -> {
            int corner = r / across * pool * side + r % across * pool;
            VectorImages.average(x, side, pool, corner, y.address(r));
        });
    }

    @Override
    public void toBf16(Rows x, MemorySegment y) {
        eachRow(x, r -> VectorFormats.toBf16(x.address(r), y.address() + 2L * r * x.cols(), x.cols()));
    }

    @Override
    public void fromBf16(MemorySegment x, Rows y) {
        eachRow(y, r -> VectorFormats.fromBf16(x.address() + 2L * r * y.cols(), y.address(r), y.cols()));
    }

    @Override
    public void quantise(Rows x, MemorySegment values, Rows scales) {
        long rowBytes = (long) scales.cols() * WeightFormat.BLOCK;
        eachRow(x, r -> VectorFormats.quantise(x, r, values.address() + r * rowBytes, scales));
    }

    private void eachRow(Rows rows, Workers.Task task) {
        VectorElements.eachRow(workers, rows, task);
    }

    /** Gives the working memory back. */
    @Override
    public void close() {
        scratch.close();
    }
}
