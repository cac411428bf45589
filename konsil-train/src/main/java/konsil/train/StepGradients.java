package konsil.train;

import java.util.function.Predicate;
import konsil.kernel.Activation;
import konsil.kernel.GradientKernels.Gradient;
import konsil.kernel.Rows;
import konsil.tensor.Step;
import konsil.tensor.Tensor;

/**
 * The gradient of each op: from that of what it returned to those of what it read. The switch has no default, so that
 * an op without a gradient does not compile.
 */
final class StepGradients {
    private final TrainingEngine engine;
    private final GradientStore store;
    private final Products products;
    private final AttentionGradient attention;

    StepGradients(TrainingEngine engine, GradientStore store) {
        this.engine = engine;
        this.store = store;
        this.products = new Products(engine);
        this.attention = new AttentionGradient(engine, products.transposition());
    }

    /**
     * Passes a gradient on.
     *
     * @param dy of what the step returned; not changed
     * @param wanted which tensors' gradients are asked for
     */
    void back(Step step, Tensor dy, Predicate<Tensor> wanted) {
        switch (step) {
            case Step.Embed s -> embed(s, dy);
            case Step.Linear s -> linear(s, dy, wanted);
            case Step.AddBias s -> addBias(s, dy, wanted);
            case Step.Add s -> {
                share(s.a(), dy, wanted);
                share(s.b(), dy, wanted);
            }
            case Step.Scale s -> scale(s, dy);
            case Step.RmsNorm s -> rmsNorm(s, dy, wanted);
            case Step.LayerNorm s -> layerNorm(s, dy, wanted);
            case Step.BatchNorm s -> batchNorm(s, dy, wanted);
            case Step.Rope s -> rope(s, dy);
            case Step.Attention s -> attention(s, dy, wanted);
            case Step.Activate s -> activate(s, dy);
            case Step.Gate s -> gate(s, dy, wanted);
            case Step.Glu s -> glu(s, dy);
            case Step.Conv1d s -> conv1d(s, dy, wanted);
            case Step.DepthwiseConv1d s -> depthwise(s, dy, wanted);
            case Step.Patches s -> patches(s, dy);
            case Step.AveragePool s -> averagePool(s, dy);
            case Step.ScatterRows s -> scatterRows(s, dy, wanted);
            case Step.SelectRows s -> selectRows(s, dy);
            case Step.Chain _ -> throw new IllegalArgumentException("a chain is walked link by link");
        }
    }

    private Tensor like(Tensor tensor) {
        return store.fresh(tensor.shape());
    }

    private void share(Tensor tensor, Tensor dy, Predicate<Tensor> wanted) {
        if (wanted.test(tensor)) {
            store.add(tensor, store.retain(dy));
        }
    }

    private void embed(Step.Embed s, Tensor dy) {
        engine.gradientKernels()
                .addRows(dy.rows(), s.ids(), s.factor(), store.grow(s.table()).rows());
    }

    private void linear(Step.Linear s, Tensor dy, Predicate<Tensor> wanted) {
        if (wanted.test(s.x())) {
            Tensor dx = like(s.x());
            products.below(dy.rows(), s.weight(), dx.rows());
            store.add(s.x(), dx);
        }
        if (wanted.test(s.weight())) {
            Tensor dWeight = like(s.weight());
            products.weight(dy.rows(), s.x().rows(), dWeight.rows());
            store.add(s.weight(), dWeight);
        }
    }

    private void addBias(Step.AddBias s, Tensor dy, Predicate<Tensor> wanted) {
        share(s.x(), dy, wanted);
        columnSums(s.bias(), dy, wanted);
    }

    private void columnSums(Tensor bias, Tensor dy, Predicate<Tensor> wanted) {
        if (wanted.test(bias)) {
            Tensor dBias = like(bias);
            engine.gradientKernels().columnSums(dy.rows(), dBias.rows());
            store.add(bias, dBias);
        }
    }

    private void scale(Step.Scale s, Tensor dy) {
        Tensor dx = like(s.x());
        engine.kernels().scale(dy.rows(), s.factor(), dx.rows());
        store.add(s.x(), dx);
    }

    private void rmsNorm(Step.RmsNorm s, Tensor dy, Predicate<Tensor> wanted) {
        int n = s.weight().dim(0);
        Tensor dx = like(s.x());
        int rows = Math.toIntExact(dx.size() / n);
        var passing = new Gradient(dy.rows().reshaped(rows, n), dx.rows().reshaped(rows, n));
        Rows x = s.x().rows().reshaped(rows, n);
        weighted(s.weight(), wanted, sum -> engine.gradientKernels()
                .rmsNorm(x, s.weight().rows(), s.eps(), passing, sum));
        pass(s.x(), dx, wanted);
    }

    private void layerNorm(Step.LayerNorm s, Tensor dy, Predicate<Tensor> wanted) {
        Tensor dx = like(s.x());
        var passing = new Gradient(dy.rows(), dx.rows());
        weighted(s.weight(), wanted, sum -> engine.gradientKernels()
                .layerNorm(s.x().rows(), s.weight().rows(), s.eps(), passing, sum));
        pass(s.x(), dx, wanted);
        columnSums(s.bias(), dy, wanted);
    }

    private interface Weighted {
        /** @param sum (1, cols), or without rows when nobody wants it */
        void run(Rows sum);
    }

    private void weighted(Tensor weight, Predicate<Tensor> wanted, Weighted task) {
        if (!wanted.test(weight)) {
            task.run(weight.rows().slice(0, 0));
            return;
        }
        Tensor dWeight = like(weight);
        task.run(dWeight.rows());
        store.add(weight, dWeight);
    }

    private void pass(Tensor x, Tensor dx, Predicate<Tensor> wanted) {
        if (wanted.test(x)) {
            store.add(x, dx);
        } else {
            store.release(dx);
        }
    }

    private void batchNorm(Step.BatchNorm s, Tensor dy, Predicate<Tensor> wanted) {
        Tensor dx = like(s.x());
        Tensor dWeight = like(s.weight());
        if (s.statistics().ofBatch()) {
            BatchNormGradient.run(engine, s, dy.rows(), dx.rows(), dWeight.rows());
        } else {
            runningBatchNorm(s, dy, wanted, dx, dWeight);
        }
        pass(s.x(), dx, wanted);
        pass(s.weight(), dWeight, wanted);
        columnSums(s.bias(), dy, wanted);
    }

    /** Statistics are constants: y is x times a factor for each column, and a summand. */
    private void runningBatchNorm(Step.BatchNorm s, Tensor dy, Predicate<Tensor> wanted, Tensor dx, Tensor dWeight) {
        int cols = dy.cols();
        var space = engine.workspace();
        try (var _ = space.mark()) {
            Rows inverse = space.rows(1, cols);
            Rows factor = space.rows(1, cols);
            Rows minusMean = space.rows(1, cols);
            for (int c = 0; c < cols; c++) {
                double variance = s.statistics().variance().rows().get(0, c);
                inverse.set(
                        0, c, (float) (1 / Math.sqrt(variance + s.statistics().eps())));
                factor.set(0, c, s.weight().rows().get(0, c) * inverse.get(0, c));
                minusMean.set(0, c, -s.statistics().mean().rows().get(0, c));
            }
            engine.kernels().depthwiseConv1d(dy.rows(), factor, 0, dx.rows());
            if (wanted.test(s.weight())) {
                Rows centred = space.rows(dy.rows().rows(), cols);
                engine.kernels().addBias(s.x().rows(), minusMean, centred);
                engine.gradientKernels().productSums(dy.rows(), centred, dWeight.rows());
                engine.gradientKernels().multiply(dWeight.rows(), inverse, dWeight.rows());
            }
        }
    }

    /** Turned back: cosines of negative positions are the same, sines negative. */
    private void rope(Step.Rope s, Tensor dy) {
        var back = s.positions().clone();
        for (int i = 0; i < back.length; i++) {
            back[i] = -back[i];
        }
        store.add(s.x(), store.adopt(engine.backwardOps().rope(dy, s.table(), back)));
    }

    private void attention(Step.Attention s, Tensor dy, Predicate<Tensor> wanted) {
        Tensor dq = like(s.q());
        Tensor dk = like(s.k());
        Tensor dv = like(s.v());
        attention.run(s, dy.rows(), new AttentionGradient.Out(dq.rows(), dk.rows(), dv.rows()));
        pass(s.q(), dq, wanted);
        pass(s.k(), dk, wanted);
        pass(s.v(), dv, wanted);
    }

    private void activate(Step.Activate s, Tensor dy) {
        Tensor dx = like(s.x());
        engine.gradientKernels().slope(s.f(), s.x().rows(), dy.rows(), dx.rows());
        store.add(s.x(), dx);
    }

    private void gate(Step.Gate s, Tensor dy, Predicate<Tensor> wanted) {
        Tensor dGate = like(s.gate());
        Tensor dUp = like(s.up());
        var values = new GateValues(s.gate().rows(), s.up().rows(), dy.rows());
        gate(s.f(), values, dGate.rows(), dUp.rows());
        pass(s.gate(), dGate, wanted);
        pass(s.up(), dUp, wanted);
    }

    private record GateValues(Rows gate, Rows up, Rows dy) {}

    private void gate(Activation f, GateValues v, Rows dGate, Rows dUp) {
        engine.kernels().gate(f, v.gate(), v.dy(), dUp);
        engine.gradientKernels().multiply(v.dy(), v.up(), dGate);
        engine.gradientKernels().slope(f, v.gate(), dGate, dGate);
    }

    private void glu(Step.Glu s, Tensor dy) {
        int half = dy.cols();
        Rows x = s.x().rows();
        Tensor dx = like(s.x());
        var values = new GateValues(x.columns(half, half), x.columns(0, half), dy.rows());
        gate(
                Activation.SIGMOID,
                values,
                dx.rows().columns(half, half),
                dx.rows().columns(0, half));
        store.add(s.x(), dx);
    }

    private void conv1d(Step.Conv1d s, Tensor dy, Predicate<Tensor> wanted) {
        int channels = s.x().cols();
        int kernel = s.weight().dim(1);
        int times = dy.dim(0);
        if (wanted.test(s.weight())) {
            Rows windows = s.x().rows().windows(0, times, kernel * channels, s.stride() * channels);
            Tensor dWeight = like(s.weight());
            products.weight(dy.rows(), windows, dWeight.matrix());
            store.add(s.weight(), dWeight);
        }
        if (wanted.test(s.x())) {
            Tensor dx = like(s.x());
            dx.rows().clear();
            try (var _ = engine.workspace().mark()) {
                Rows ofWindows = engine.workspace().rows(times, kernel * channels);
                products.below(dy.rows(), s.weight(), ofWindows);
                for (int k = 0; k < kernel; k++) {
                    Rows into = dx.rows().windows((long) k * channels, times, channels, s.stride() * channels);
                    engine.kernels().add(into, ofWindows.columns(k * channels, channels), into);
                }
            }
            store.add(s.x(), dx);
        }
    }

    private void depthwise(Step.DepthwiseConv1d s, Tensor dy, Predicate<Tensor> wanted) {
        if (wanted.test(s.x())) {
            Tensor dx = like(s.x());
            depthwiseBelow(s, dy, dx);
            store.add(s.x(), dx);
        }
        if (wanted.test(s.taps())) {
            Tensor dTaps = like(s.taps());
            try (var _ = engine.workspace().mark()) {
                depthwiseTaps(s, dy, dTaps.rows(), engine.workspace().rows(1, dTaps.cols()));
            }
            store.add(s.taps(), dTaps);
        }
    }

    private void depthwiseBelow(Step.DepthwiseConv1d s, Tensor dy, Tensor dx) {
        Rows taps = s.taps().rows();
        int last = taps.rows() - 1;
        try (var _ = engine.workspace().mark()) {
            Rows reversed = engine.workspace().rows(taps.rows(), taps.cols());
            for (int k = 0; k <= last; k++) {
                engine.kernels().scale(taps.slice(last - k, 1), 1, reversed.slice(k, 1));
            }
            int at = 0;
            for (int length : s.lengths()) {
                Rows below = dx.rows().slice(at, length);
                engine.kernels().depthwiseConv1d(dy.rows().slice(at, length), reversed, last - s.left(), below);
                at += length;
            }
        }
    }

    /** @param part memory of one tap */
    private void depthwiseTaps(Step.DepthwiseConv1d s, Tensor dy, Rows dTaps, Rows part) {
        int at = 0;
        for (int length : s.lengths()) {
            Rows x = s.x().rows().slice(at, length);
            Rows above = dy.rows().slice(at, length);
            for (int k = 0; k < dTaps.rows(); k++) {
                Rows sum = dTaps.slice(k, 1);
                tap(x, above, k - s.left(), at == 0 ? sum : part);
                if (at > 0) {
                    engine.kernels().add(sum, part, sum);
                }
            }
            at += length;
        }
    }

    /** @param later how many rows of x the tap looks ahead */
    private void tap(Rows x, Rows dy, int later, Rows dTap) {
        int first = Math.min(dy.rows(), Math.max(0, -later));
        int count = Math.max(0, Math.min(dy.rows(), dy.rows() - later) - first);
        Rows seen = count == 0 ? x.slice(0, 0) : x.slice(first + later, count);
        engine.gradientKernels().productSums(dy.slice(first, count), seen, dTap);
    }

    private void patches(Step.Patches s, Tensor dy) {
        Tensor dImage = like(s.image());
        engine.gradientKernels().patches(dy.rows(), s.image().dim(0), s.patch(), dImage.rows());
        store.add(s.image(), dImage);
    }

    private void averagePool(Step.AveragePool s, Tensor dy) {
        Tensor dx = like(s.x());
        engine.gradientKernels().averagePool(dy.rows(), s.pool(), dx.rows());
        store.add(s.x(), dx);
    }

    private void scatterRows(Step.ScatterRows s, Tensor dy, Predicate<Tensor> wanted) {
        if (wanted.test(s.values())) {
            store.add(s.values(), store.adopt(engine.ops().selectRows(dy, s.rows())));
        }
        if (wanted.test(s.x())) {
            Tensor dx = like(s.x());
            dx.copyFrom(dy);
            for (int row : s.rows()) {
                dx.rows().slice(row, 1).clear();
            }
            store.add(s.x(), dx);
        }
    }

    private void selectRows(Step.SelectRows s, Tensor dy) {
        engine.gradientKernels()
                .addRows(dy.rows(), s.rows(), 1, store.grow(s.x()).rows());
    }
}
