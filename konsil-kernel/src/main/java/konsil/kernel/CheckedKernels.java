package konsil.kernel;

import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * Checks that sizes fit together and throws {@link SizeException} before the kernels behind it touch any memory.
 * Records have checked by themselves that their memory is native and large enough.
 */
public final class CheckedKernels implements Kernels {
    private final Kernels kernels;

    public CheckedKernels(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public String name() {
        return kernels.name();
    }

    @Override
    public String describe() {
        return kernels.describe();
    }

    @Override
    public void matmul(Rows x, PackedWeights w, Rows y) {
        shape("matmul: x", x, y.rows(), w.in());
        output("matmul", y, x.rows(), w.out());
        kernels.matmul(x, w, y);
    }

    @Override
    public void store(Rows k, Rows v, KvTiles into, long first) {
        int width = into.kvHeads() * into.headDim();
        shape("store: k", k, v.rows(), width);
        shape("store: v", v, k.rows(), width);
        want(first >= 0, () -> "store: first position %d".formatted(first));
        want(k.rows() <= into.capacity(), () -> "store: %d positions in a ring of %d"
                .formatted(k.rows(), into.capacity()));
        kernels.store(k, v, into, first);
    }

    @Override
    public void attention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y) {
        want(
                kv.kvHeads() == shape.kvHeads() && kv.headDim() == shape.headDim(),
                () -> "attention: want %d kv heads x %d, got tiles of %d x %d"
                        .formatted(shape.kvHeads(), shape.headDim(), kv.kvHeads(), kv.headDim()));
        int width = Math.multiplyExact(shape.heads(), shape.headDim());
        shape("attention: q", q, visible.queries(), width);
        output("attention", y, visible.queries(), width);
        checkRanges(visible, kv.capacity());
        kernels.attention(q, kv, visible, shape, y);
    }

    /** All keys that any query sees must be in the ring at the same time. */
    private static void checkRanges(KeyRanges visible, long capacity) {
        long first = Long.MAX_VALUE;
        long end = 0;
        for (int i = 0; i < visible.queries(); i++) {
            if (visible.from()[i] < visible.to()[i]) {
                first = Math.min(first, visible.from()[i]);
                end = Math.max(end, visible.to()[i]);
            }
        }
        if (first < 0 || end - first > capacity) {
            throw new SizeException("attention: keys %d to %d in a ring of %d".formatted(first, end, capacity));
        }
    }

    @Override
    public void rmsNorm(Rows x, Rows weight, float eps, Rows y) {
        shape("rmsNorm: weight", weight, 1, x.cols());
        output("rmsNorm", y, x.rows(), x.cols());
        kernels.rmsNorm(x, weight, eps, y);
    }

    @Override
    public void layerNorm(Rows x, Rows weight, Rows bias, float eps, Rows y) {
        shape("layerNorm: weight", weight, 1, x.cols());
        shape("layerNorm: bias", bias, 1, x.cols());
        output("layerNorm", y, x.rows(), x.cols());
        kernels.layerNorm(x, weight, bias, eps, y);
    }

    @Override
    public void rope(Rows x, int headDim, Rows cos, Rows sin, Rows y) {
        want(headDim > 0 && headDim % 2 == 0 && x.cols() % headDim == 0, () -> "rope: heads of %d in %d columns"
                .formatted(headDim, x.cols()));
        shape("rope: cos", cos, x.rows(), headDim / 2);
        shape("rope: sin", sin, x.rows(), headDim / 2);
        output("rope", y, x.rows(), x.cols());
        kernels.rope(x, headDim, cos, sin, y);
    }

    @Override
    public void add(Rows a, Rows b, Rows y) {
        shape("add: b", b, a.rows(), a.cols());
        output("add", y, a.rows(), a.cols());
        kernels.add(a, b, y);
    }

    @Override
    public void addBias(Rows x, Rows bias, Rows y) {
        shape("addBias: bias", bias, 1, x.cols());
        output("addBias", y, x.rows(), x.cols());
        kernels.addBias(x, bias, y);
    }

    @Override
    public void scale(Rows x, float factor, Rows y) {
        output("scale", y, x.rows(), x.cols());
        kernels.scale(x, factor, y);
    }

    @Override
    public void activate(Activation f, Rows x, Rows y) {
        output("activate", y, x.rows(), x.cols());
        kernels.activate(f, x, y);
    }

    @Override
    public void gate(Activation f, Rows gate, Rows up, Rows y) {
        shape("gate: up", up, gate.rows(), gate.cols());
        output("gate", y, gate.rows(), gate.cols());
        kernels.gate(f, gate, up, y);
    }

    @Override
    public void softmax(Rows x, Rows y) {
        output("softmax", y, x.rows(), x.cols());
        kernels.softmax(x, y);
    }

    @Override
    public void logSoftmax(Rows x, Rows y) {
        output("logSoftmax", y, x.rows(), x.cols());
        kernels.logSoftmax(x, y);
    }

    @Override
    public void argmax(Rows x, int[] columns) {
        want(columns.length == x.rows(), () -> "argmax: %d rows, room for %d columns"
                .formatted(x.rows(), columns.length));
        want(x.cols() > 0 || x.rows() == 0, () -> "argmax: rows without columns");
        kernels.argmax(x, columns);
    }

    @Override
    public void conv1d(Rows x, PackedWeights w, int stride, Rows y) {
        want(x.rows() <= 1 || x.stride() == x.cols(), () -> "conv1d: x has stride %d, want %d"
                .formatted(x.stride(), x.cols()));
        want(
                stride > 0 && x.cols() > 0 && w.in() > 0 && w.in() % x.cols() == 0,
                () -> "conv1d: stride %d, %d channels, weights of %d columns".formatted(stride, x.cols(), w.in()));
        int kernel = w.in() / x.cols();
        output("conv1d", y, x.rows() < kernel ? 0 : (x.rows() - kernel) / stride + 1, w.out());
        kernels.conv1d(x, w, stride, y);
    }

    @Override
    public void depthwiseConv1d(Rows x, Rows taps, int left, Rows y) {
        shape("depthwiseConv1d: taps", taps, taps.rows(), x.cols());
        output("depthwiseConv1d", y, x.rows(), x.cols());
        want(left >= 0, () -> "depthwiseConv1d: %d zeros before the first row".formatted(left));
        want(
                x.rows() == 0 || x.data().address() != y.data().address(),
                () -> "depthwiseConv1d: x and y are the same memory");
        kernels.depthwiseConv1d(x, taps, left, y);
    }

    @Override
    public void patches(Rows image, int channels, int patch, Rows y) {
        want(channels > 0 && patch > 0 && image.rows() % channels == 0, () -> "patches: %d rows, %d channels, patch %d"
                .formatted(image.rows(), channels, patch));
        int height = image.rows() / channels;
        want(height % patch == 0 && image.cols() % patch == 0, () -> "patches: %d x %d in patches of %d"
                .formatted(height, image.cols(), patch));
        output("patches", y, height / patch * (image.cols() / patch), channels * patch * patch);
        kernels.patches(image, channels, patch, y);
    }

    @Override
    public void averagePool(Rows x, int pool, Rows y) {
        int side = (int) Math.round(Math.sqrt(x.rows()));
        want(side * side == x.rows() && pool > 0 && side % pool == 0, () -> "averagePool: %d rows in squares of %d"
                .formatted(x.rows(), pool));
        output("averagePool", y, side / pool * (side / pool), x.cols());
        kernels.averagePool(x, pool, y);
    }

    @Override
    public void toBf16(Rows x, MemorySegment y) {
        bytes("toBf16: y", y, 2L * x.rows() * x.cols());
        kernels.toBf16(x, y);
    }

    @Override
    public void fromBf16(MemorySegment x, Rows y) {
        bytes("fromBf16: x", x, 2L * y.rows() * y.cols());
        output("fromBf16", y, y.rows(), y.cols());
        kernels.fromBf16(x, y);
    }

    @Override
    public void quantise(Rows x, MemorySegment values, Rows scales) {
        int blocks = Math.ceilDiv(x.cols(), WeightFormat.BLOCK);
        bytes("quantise: values", values, (long) x.rows() * blocks * WeightFormat.BLOCK);
        output("quantise: scales", scales, x.rows(), blocks);
        kernels.quantise(x, values, scales);
    }

    private static void want(boolean holds, Supplier<String> message) {
        if (!holds) {
            throw new SizeException(message.get());
        }
    }

    /** @param what the operation, and the matrix if it is an input */
    private static void shape(String what, Rows rows, int wantRows, int wantCols) {
        if (rows.rows() != wantRows || rows.cols() != wantCols) {
            throw new SizeException(
                    "%s: want %d x %d, got %d x %d".formatted(what, wantRows, wantCols, rows.rows(), rows.cols()));
        }
    }

    /** Rows that are written must not overlap each other. */
    private static void output(String what, Rows y, int wantRows, int wantCols) {
        shape(what, y, wantRows, wantCols);
        if (y.rows() > 1 && y.stride() < y.cols()) {
            throw new SizeException("%s: y has stride %d, want at least %d".formatted(what, y.stride(), y.cols()));
        }
    }

    private static void bytes(String what, MemorySegment memory, long want) {
        if (!memory.isNative() || memory.byteSize() != want) {
            throw new SizeException("%s: want %d native bytes, got %d".formatted(what, want, memory.byteSize()));
        }
    }
}
