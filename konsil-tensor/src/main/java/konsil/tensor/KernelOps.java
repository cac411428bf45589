package konsil.tensor;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import konsil.kernel.Activation;
import konsil.kernel.Kernels;
import konsil.kernel.PackedWeights;
import konsil.kernel.Rows;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;

/**
 * Runs each op at once; results live in a {@link Workspace} until it is reset. Belongs to one sequence at a time, as
 * the workspace does; kernels and workers may be shared.
 */
public final class KernelOps implements Ops {
    private final Kernels kernels;
    private final WeightPacker packer;
    private final Workspace workspace;
    private final List<RopeAngles> ropes = new ArrayList<>();

    /**
     * Ops over a workspace.
     *
     * @param workers packs plain matrices; best the ones that the kernels use
     */
    public KernelOps(Kernels kernels, Workers workers, Workspace workspace) {
        this.kernels = kernels;
        this.packer = new WeightPacker(workers);
        this.workspace = workspace;
    }

    /** Where results live. */
    public Workspace workspace() {
        return workspace;
    }

    @Override
    public Tensor embed(int[] ids, Tensor table, float factor) {
        Require.rank("embed", "table", table, 2);
        Require.indices("embed", "ids", ids, table.dim(0));
        Tensor y = workspace.tensor(ids.length, table.dim(1));
        for (int i = 0; i < ids.length; i++) {
            if (table.isPacked()) {
                WeightPacker.unpackRow(table.packed(), ids[i], y.rows(), i);
            } else {
                copyRow(table.rows(), ids[i], y.rows(), i);
            }
        }
        kernels.scale(y.rows(), factor, y.rows());
        return y;
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight) {
        var rows = Require.plain("linear", "x", x);
        Require.that(
                weight.rank() == 2 && weight.dim(1) == x.cols(),
                "linear",
                "weight",
                "shape [out, " + x.cols() + "]",
                weight);
        Tensor y = workspace.tensor(x.shapeWithCols(weight.dim(0)));
        withPacked(weight, packed -> kernels.matmul(rows, packed, y.rows()));
        return y;
    }

    /** Packs a plain matrix into memory that is given back afterwards. */
    private void withPacked(Tensor weight, Consumer<PackedWeights> kernel) {
        if (weight.isPacked()) {
            kernel.accept(weight.packed());
            return;
        }
        try (var _ = workspace.mark()) {
            Rows rows = weight.matrix();
            var memory = workspace.bytes(WeightFormat.F32.bytes(rows.rows(), rows.cols()));
            var packed = new PackedWeights(WeightFormat.F32, rows.rows(), rows.cols(), memory);
            packer.pack(rows, packed, 0);
            kernel.accept(packed);
        }
    }

    /** Results alternate between two places; everything else a link took is free again when it is done. */
    @Override
    public Tensor chain(Tensor x, int links, Link link) {
        if (links == 0) {
            return x;
        }
        Tensor[] results = {like(x), like(x)};
        for (int i = 0; i < links; i++) {
            Tensor result = results[i % 2];
            try (var _ = workspace.mark()) {
                result.copyFrom(link.apply(i, x));
            }
            x = result;
        }
        return x;
    }

    @Override
    public Tensor addBias(Tensor x, Tensor bias) {
        var rows = Require.plain("addBias", "x", x);
        var biasRow = Require.vector("addBias", "bias", bias, x.cols());
        Tensor y = like(x);
        kernels.addBias(rows, biasRow, y.rows());
        return y;
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        var left = Require.plain("add", "a", a);
        Require.sameShape("add", "b", b, a);
        var right = Require.plain("add", "b", b);
        Tensor y = like(a);
        kernels.add(left, right, y.rows());
        return y;
    }

    @Override
    public Tensor scale(Tensor x, float factor) {
        var rows = Require.plain("scale", "x", x);
        Tensor y = like(x);
        kernels.scale(rows, factor, y.rows());
        return y;
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weight, float eps) {
        var rows = Require.plain("rmsNorm", "x", x);
        Require.rank("rmsNorm", "weight", weight, 1);
        int n = weight.dim(0);
        Require.that(n > 0 && x.cols() % n == 0, "rmsNorm", "x", "columns in multiples of " + n, x);
        Tensor y = like(x);
        kernels.rmsNorm(groups(rows, n), Require.plain("rmsNorm", "weight", weight), eps, groups(y.rows(), n));
        return y;
    }

    /** The same values, {@code cols} in a row. */
    private static Rows groups(Rows rows, int cols) {
        return Rows.of(rows.data(), Math.multiplyExact(rows.rows(), rows.cols() / cols), cols);
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, float eps) {
        var rows = Require.plain("layerNorm", "x", x);
        var weightRow = Require.vector("layerNorm", "weight", weight, x.cols());
        var biasRow = Require.vector("layerNorm", "bias", bias, x.cols());
        Tensor y = like(x);
        kernels.layerNorm(rows, weightRow, biasRow, eps, y.rows());
        return y;
    }

    /**
     * Statistics and weights become one factor and one summand for each column; a factor is a convolution of one tap.
     */
    @Override
    public Tensor batchNorm(Tensor x, BatchStatistics statistics, Tensor weight, Tensor bias) {
        int cols = x.cols();
        var rows = Require.plain("batchNorm", "x", x);
        var mean = Require.vector("batchNorm", "statistics", statistics.mean(), cols);
        var variance = Require.vector("batchNorm", "statistics", statistics.variance(), cols);
        var weightRow = Require.vector("batchNorm", "weight", weight, cols);
        var biasRow = Require.vector("batchNorm", "bias", bias, cols);
        Tensor y = like(x);
        if (statistics.ofBatch()) {
            statistics.observe(x);
        }
        try (var _ = workspace.mark()) {
            Rows factor = workspace.rows(1, cols);
            Rows summand = workspace.rows(1, cols);
            for (int c = 0; c < cols; c++) {
                double slope = weightRow.get(0, c) / Math.sqrt((double) variance.get(0, c) + statistics.eps());
                factor.set(0, c, (float) slope);
                summand.set(0, c, (float) (biasRow.get(0, c) - mean.get(0, c) * slope));
            }
            kernels.depthwiseConv1d(rows, factor, 0, y.rows());
            kernels.addBias(y.rows(), summand, y.rows());
        }
        return y;
    }

    @Override
    public Tensor rope(Tensor x, RopeTable table, long[] positions) {
        var rows = Require.plain("rope", "x", x);
        int headDim = table.headDim();
        Require.that(x.cols() % headDim == 0, "rope", "x", "heads of " + headDim + " columns", x);
        Require.that(rows.rows() == positions.length, "rope", "positions", rows.rows() + " of them", positions.length);
        var angles = angles(table);
        angles.moveTo(positions);
        Tensor y = like(x);
        kernels.rope(rows, headDim, angles.cos(), angles.sin(), y.rows());
        return y;
    }

    private RopeAngles angles(RopeTable table) {
        for (var angles : ropes) {
            if (angles.of(table)) {
                return angles;
            }
        }
        ropes.add(new RopeAngles(table, workspace));
        return ropes.getLast();
    }

    @Override
    public Tensor attention(Tensor q, Tensor k, Tensor v, AttentionSpec spec, KvLayer layer) {
        Require.rank("attention", "q", q, 2);
        int tokens = q.dim(0);
        Rows queries = Require.matrix("attention", "q", q, tokens, spec.queryCols());
        Rows keys = Require.matrix("attention", "k", k, tokens, spec.keyCols());
        Rows values = Require.matrix("attention", "v", v, tokens, spec.keyCols());
        Tensor y = like(q);
        try (var _ = workspace.mark()) {
            new AttentionCall(kernels, workspace, spec).run(queries, keys, values, layer, y.rows());
        }
        return y;
    }

    @Override
    public Tensor activate(Activation f, Tensor x) {
        var rows = Require.plain("activate", "x", x);
        Tensor y = like(x);
        kernels.activate(f, rows, y.rows());
        return y;
    }

    @Override
    public Tensor gate(Activation f, Tensor gate, Tensor up) {
        var gateRows = Require.plain("gate", "gate", gate);
        Require.sameShape("gate", "up", up, gate);
        var upRows = Require.plain("gate", "up", up);
        Tensor y = like(gate);
        kernels.gate(f, gateRows, upRows, y.rows());
        return y;
    }

    @Override
    public Tensor glu(Tensor x) {
        var rows = Require.plain("glu", "x", x);
        Require.that(x.cols() % 2 == 0, "glu", "x", "an even number of columns", x);
        int half = x.cols() / 2;
        Tensor y = workspace.tensor(x.shapeWithCols(half));
        kernels.gate(Activation.SIGMOID, rows.columns(half, half), rows.columns(0, half), y.rows());
        return y;
    }

    @Override
    public Tensor conv1d(Tensor x, Tensor weight, int stride) {
        Require.rank("conv1d", "x", x, 2);
        var rows = Require.plain("conv1d", "x", x);
        Require.that(
                weight.rank() == 3 && weight.dim(2) == x.cols(),
                "conv1d",
                "weight",
                "shape [out, kernel, " + x.cols() + "]",
                weight);
        int kernel = weight.dim(1);
        Require.that(stride >= 1, "conv1d", "stride", "at least 1", stride);
        Require.that(kernel >= 1 && x.dim(0) >= kernel, "conv1d", "x", "at least " + kernel + " rows", x);
        Tensor y = workspace.tensor((x.dim(0) - kernel) / stride + 1, weight.dim(0));
        withPacked(weight, packed -> kernels.conv1d(rows, packed, stride, y.rows()));
        return y;
    }

    @Override
    public Tensor depthwiseConv1d(Tensor x, Tensor taps, int left, int[] lengths) {
        Require.rank("depthwiseConv1d", "x", x, 2);
        var rows = Require.plain("depthwiseConv1d", "x", x);
        Require.rank("depthwiseConv1d", "taps", taps, 2);
        Require.cols("depthwiseConv1d", "taps", taps, x.cols());
        var tapRows = Require.plain("depthwiseConv1d", "taps", taps);
        Require.that(left >= 0 && left < taps.dim(0), "depthwiseConv1d", "left", "0 to " + (taps.dim(0) - 1), left);
        Require.that(
                Arrays.stream(lengths).sum() == x.dim(0), "depthwiseConv1d", "x", "as many rows as its pieces have", x);
        Tensor y = like(x);
        int at = 0;
        for (int length : lengths) {
            kernels.depthwiseConv1d(
                    rows.slice(at, length), tapRows, left, y.rows().slice(at, length));
            at += length;
        }
        return y;
    }

    @Override
    public Tensor patches(Tensor image, int patch) {
        Require.rank("patches", "image", image, 3);
        var planes = Require.plain("patches", "image", image);
        int channels = image.dim(0);
        int height = image.dim(1);
        int width = image.dim(2);
        Require.that(
                patch >= 1 && height % patch == 0 && width % patch == 0,
                "patches",
                "image",
                "sides in multiples of " + patch,
                image);
        Tensor y = workspace.tensor(height / patch * (width / patch), channels * patch * patch);
        kernels.patches(planes, channels, patch, y.rows());
        return y;
    }

    @Override
    public Tensor averagePool(Tensor x, int pool) {
        Require.rank("averagePool", "x", x, 2);
        var rows = Require.plain("averagePool", "x", x);
        int side = (int) Math.sqrt(x.dim(0));
        Require.that(side * side == x.dim(0), "averagePool", "x", "a square number of rows", x);
        Require.that(pool >= 1 && side % pool == 0, "averagePool", "pool", "a divisor of " + side, pool);
        Tensor y = workspace.tensor(side / pool * (side / pool), x.cols());
        kernels.averagePool(rows, pool, y.rows());
        return y;
    }

    @Override
    public Tensor scatterRows(Tensor x, int[] rows, Tensor values) {
        Require.rank("scatterRows", "x", x, 2);
        var into = Require.plain("scatterRows", "x", x);
        var from = Require.matrix("scatterRows", "values", values, rows.length, x.cols());
        Require.indices("scatterRows", "rows", rows, x.dim(0));
        for (int i = 1; i < rows.length; i++) {
            Require.that(rows[i] > rows[i - 1], "scatterRows", "rows", "rising", rows[i] + " after " + rows[i - 1]);
        }
        Tensor y = like(x);
        MemorySegment.copy(into.data(), 0, y.rows().data(), 0, Tensor.byteSize(x.dim(0), x.cols()));
        for (int i = 0; i < rows.length; i++) {
            copyRow(from, i, y.rows(), rows[i]);
        }
        return y;
    }

    @Override
    public Tensor selectRows(Tensor x, int[] rows) {
        Require.rank("selectRows", "x", x, 2);
        var from = Require.plain("selectRows", "x", x);
        Require.indices("selectRows", "rows", rows, x.dim(0));
        Tensor y = workspace.tensor(rows.length, x.cols());
        for (int i = 0; i < rows.length; i++) {
            copyRow(from, rows[i], y.rows(), i);
        }
        return y;
    }

    private Tensor like(Tensor x) {
        return workspace.tensor(x.shape());
    }

    private static void copyRow(Rows from, int row, Rows into, int at) {
        long bytes = 4L * from.cols();
        MemorySegment.copy(from.data(), row * bytes, into.data(), at * bytes, bytes);
    }
}
