package konsil.train;

import java.util.List;
import java.util.stream.Stream;
import konsil.kernel.Activation;
import konsil.kernel.AttentionShape;
import konsil.kernel.WeightFormat;
import konsil.tensor.AttentionSpec;
import konsil.tensor.BatchStatistics;
import konsil.tensor.KvLayer;
import konsil.tensor.Mask;
import konsil.tensor.Ops;
import konsil.tensor.RopeTable;
import konsil.tensor.Tensor;

/** Every op with arguments whose gradients are asked for; sizes that fit no vector. */
final class OpCases {
    private static final KvLayer STRAIGHT = new KvLayer.PassThrough(WeightFormat.F32);

    private OpCases() {}

    interface Run {
        /** @param x the case's inputs */
        Tensor of(Ops ops, List<Tensor> x);
    }

    record Case(String name, List<Tensor> inputs, Run run) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all(Bench v) {
        return Stream.of(products(v), norms(v), attentions(v), activations(v), convolutions(v), rows(v))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> products(Bench v) {
        return List.of(
                new Case("embed", List.of(v.random(5, 10)), (o, x) -> o.embed(new int[] {3, 0, 3}, x.get(0), 2.5f)),
                new Case("linear", List.of(v.random(7, 10), v.random(37, 10)), (o, x) -> o.linear(x.get(0), x.get(1))),
                new Case("addBias", List.of(v.random(70, 10), v.random(10)), (o, x) -> o.addBias(x.get(0), x.get(1))),
                new Case("add", List.of(v.random(3, 10), v.random(3, 10)), (o, x) -> o.add(x.get(0), x.get(1))),
                new Case("add itself", List.of(v.random(3, 10)), (o, x) -> o.add(x.get(0), x.get(0))),
                new Case("scale", List.of(v.random(3, 10)), (o, x) -> o.scale(x.get(0), -1.5f)));
    }

    private static List<Case> norms(Bench v) {
        var statistics = new BatchStatistics(v.random(10), v.positive(10), 1e-5f);
        var observed = new BatchStatistics(v.random(10), v.positive(10), 1e-2f, true);
        return List.of(
                new Case(
                        "rmsNorm of heads",
                        List.of(v.random(40, 20), v.random(10)),
                        (o, x) -> o.rmsNorm(x.get(0), x.get(1), 1e-2f)),
                new Case(
                        "layerNorm",
                        List.of(v.random(70, 21), v.random(21), v.random(21)),
                        (o, x) -> o.layerNorm(x.get(0), x.get(1), x.get(2), 1e-2f)),
                new Case(
                        "batchNorm",
                        List.of(v.random(70, 10), v.random(10), v.random(10)),
                        (o, x) -> o.batchNorm(x.get(0), statistics, x.get(1), x.get(2))),
                new Case(
                        "batchNorm of the batch",
                        List.of(v.random(70, 10), v.random(10), v.random(10)),
                        (o, x) -> o.batchNorm(x.get(0), observed, x.get(1), x.get(2))));
    }

    private static List<Case> attentions(Bench v) {
        var rope = new RopeTable(6, 100, 1);
        long[] positions = {3, 0, 7, 50};
        return List.of(
                new Case("rope", List.of(v.random(4, 12)), (o, x) -> o.rope(x.get(0), rope, positions)),
                attention("attention, full", v, Mask.full(), 0),
                attention("attention, pieces", v, Mask.pieces(2, 0, 1, 2), 0),
                attention("attention, causal, window, capped", v, Mask.causal().window(3), 2),
                attention("attention, image", v, Mask.causal(new int[] {-1, 0, 0, 0, -1}), 0));
    }

    private static List<Case> activations(Bench v) {
        return List.of(
                activate(Activation.GELU_TANH, v),
                activate(Activation.SILU, v),
                activate(Activation.SIGMOID, v),
                activate(Activation.RELU, v),
                gate(Activation.GELU_TANH, v),
                gate(Activation.SILU, v),
                gate(Activation.RELU, v),
                new Case("glu", List.of(v.random(3, 22)), (o, x) -> o.glu(x.get(0))));
    }

    private static List<Case> convolutions(Bench v) {
        return List.of(
                conv("conv1d", v, 1),
                conv("conv1d, stride 2", v, 2),
                new Case(
                        "depthwiseConv1d",
                        List.of(v.random(9, 10), v.random(4, 10)),
                        (o, x) -> o.depthwiseConv1d(x.get(0), x.get(1), 2)),
                new Case(
                        "depthwiseConv1d, short",
                        List.of(v.random(2, 10), v.random(6, 10)),
                        (o, x) -> o.depthwiseConv1d(x.get(0), x.get(1), 3)),
                new Case(
                        "depthwiseConv1d, pieces",
                        List.of(v.random(9, 10), v.random(4, 10)),
                        (o, x) -> o.depthwiseConv1d(x.get(0), x.get(1), 2, new int[] {5, 1, 0, 3})));
    }

    private static List<Case> rows(Bench v) {
        return List.of(
                new Case("patches", List.of(v.random(2, 6, 9)), (o, x) -> o.patches(x.get(0), 3)),
                new Case("averagePool", List.of(v.random(16, 10)), (o, x) -> o.averagePool(x.get(0), 2)),
                new Case(
                        "scatterRows",
                        List.of(v.random(5, 10), v.random(2, 10)),
                        (o, x) -> o.scatterRows(x.get(0), new int[] {1, 4}, x.get(1))),
                new Case("selectRows", List.of(v.random(5, 10)), (o, x) -> o.selectRows(x.get(0), new int[] {4, 1, 4})),
                new Case(
                        "chain",
                        List.of(v.random(5, 10), v.random(10, 10)),
                        (o, x) -> o.chain(
                                x.get(0), 3, (i, y) -> o.add(y, o.activate(Activation.SILU, o.linear(y, x.get(1)))))));
    }

    private static Case attention(String name, Bench v, Mask mask, float softCap) {
        var spec = new AttentionSpec(new AttentionShape(4, 2, 6, 0.4f, softCap), mask);
        return new Case(
                name,
                List.of(v.random(5, 24), v.random(5, 12), v.random(5, 12)),
                (o, x) -> o.attention(x.get(0), x.get(1), x.get(2), spec, STRAIGHT));
    }

    private static Case activate(Activation f, Bench v) {
        return new Case("activate " + f, List.of(away(v.random(3, 37))), (o, x) -> o.activate(f, x.get(0)));
    }

    private static Case gate(Activation f, Bench v) {
        return new Case(
                "gate " + f, List.of(away(v.random(3, 37)), v.random(3, 37)), (o, x) -> o.gate(f, x.get(0), x.get(1)));
    }

    /** Nothing near 0, where RELU has no slope. */
    private static Tensor away(Tensor x) {
        float[] values = x.toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] += Math.copySign(0.2f, values[i]);
        }
        x.copyFrom(values);
        return x;
    }

    private static Case conv(String name, Bench v, int stride) {
        return new Case(
                name, List.of(v.random(9, 5), v.random(7, 3, 5)), (o, x) -> o.conv1d(x.get(0), x.get(1), stride));
    }
}
