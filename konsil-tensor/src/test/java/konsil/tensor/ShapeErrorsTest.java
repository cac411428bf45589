package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import konsil.kernel.Activation;
import konsil.kernel.AttentionShape;
import konsil.kernel.WeightFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever does not fit is named before anything is computed: the op, the argument, what was wanted, what came. */
final class ShapeErrorsTest {
    private static final KvLayer STRAIGHT = new KvLayer.PassThrough(WeightFormat.F32);

    private final Values v = new Values();

    @AfterEach
    void close() {
        v.close();
    }

    private void refused(Function<Ops, Tensor> call, String message) {
        assertThatThrownBy(() -> call.apply(v.ops))
                .isInstanceOf(ShapeException.class)
                .hasMessage(message);
    }

    @Test
    void tables() {
        Tensor table = v.random(5, 8);
        refused(o -> o.embed(new int[] {1, 5}, table, 1), "embed: ids: want 0 to 4, got 5");
        refused(o -> o.embed(new int[] {-1}, table, 1), "embed: ids: want 0 to 4, got -1");
        refused(o -> o.embed(new int[] {1}, v.random(5), 1), "embed: table: want 2 sizes, got f32[5]");
    }

    @Test
    void products() {
        Tensor x = v.random(3, 8);
        Tensor packed = v.packed(v.random(4, 8), WeightFormat.BF16);
        refused(o -> o.linear(x, v.random(4, 9)), "linear: weight: want shape [out, 8], got f32[4, 9]");
        refused(o -> o.linear(x, v.random(8)), "linear: weight: want shape [out, 8], got f32[8]");
        refused(o -> o.linear(packed, packed), "linear: x: want plain f32 values, got packed bf16[4, 8]");
        refused(o -> o.project(x, Projection.of(v.random(4, 7))), "linear: weight: want shape [out, 8], got f32[4, 7]");
        refused(
                o -> o.project(x, new Projection.LowRank(Projection.of(packed), v.random(2, 7), v.random(4, 2), 1)),
                "low-rank projection: a: want shape [2, 8], got f32[2, 7]");
        refused(
                o -> o.project(x, new Projection.LowRank(Projection.of(packed), v.random(2, 8), v.random(4, 3), 1)),
                "low-rank projection: b: want shape [4, 2], got f32[4, 3]");
        refused(
                o -> o.project(x, new Projection.Quantised(packed)),
                "projection: weight: want q8_0 or q4_0, got bf16[4, 8]");
        Tensor q8 = v.packed(v.random(4, 8), WeightFormat.Q8_0);
        refused(o -> o.project(x, new Projection.Dense(q8)), "projection: weight: want f32 or bf16, got q8_0[4, 8]");
    }

    @Test
    void sums() {
        Tensor x = v.random(3, 8);
        Tensor packed = v.packed(v.random(3, 8), WeightFormat.BF16);
        refused(o -> o.add(x, v.random(3, 7)), "add: b: want shape [3, 8], got f32[3, 7]");
        refused(o -> o.add(packed, x), "add: a: want plain f32 values, got packed bf16[3, 8]");
        refused(o -> o.add(x, packed), "add: b: want plain f32 values, got packed bf16[3, 8]");
        refused(o -> o.addBias(x, v.random(7)), "addBias: bias: want shape [8], got f32[7]");
        refused(o -> o.addBias(x, v.random(1, 8)), "addBias: bias: want shape [8], got f32[1, 8]");
        refused(o -> o.scale(packed, 2), "scale: x: want plain f32 values, got packed bf16[3, 8]");
    }

    @Test
    void norms() {
        Tensor x = v.random(3, 8);
        Tensor eight = v.random(8);
        Tensor nine = v.random(9);
        refused(o -> o.rmsNorm(x, v.random(3), 0), "rmsNorm: x: want columns in multiples of 3, got f32[3, 8]");
        refused(o -> o.rmsNorm(x, v.random(1, 8), 0), "rmsNorm: weight: want 1 sizes, got f32[1, 8]");
        refused(o -> o.rmsNorm(x, v.random(0), 0), "rmsNorm: x: want columns in multiples of 0, got f32[3, 8]");
        refused(o -> o.layerNorm(x, nine, eight, 0), "layerNorm: weight: want shape [8], got f32[9]");
        refused(o -> o.layerNorm(x, eight, nine, 0), "layerNorm: bias: want shape [8], got f32[9]");
        var wide = new BatchStatistics(nine, nine, 0);
        var fitting = new BatchStatistics(eight, eight, 0);
        refused(o -> o.batchNorm(x, wide, eight, eight), "batchNorm: statistics: want shape [8], got f32[9]");
        refused(o -> o.batchNorm(x, fitting, nine, eight), "batchNorm: weight: want shape [8], got f32[9]");
        refused(o -> o.batchNorm(x, fitting, eight, nine), "batchNorm: bias: want shape [8], got f32[9]");
        refused(
                o -> o.batchNorm(x, new BatchStatistics(eight, nine, 0), eight, eight),
                "batch statistics: variance: want shape [8], got f32[9]");
    }

    @Test
    void attention() {
        var rope = new RopeTable(6, 100, 1);
        refused(o -> o.rope(v.random(2, 8), rope, new long[2]), "rope: x: want heads of 6 columns, got f32[2, 8]");
        refused(o -> o.rope(v.random(2, 6), rope, new long[3]), "rope: positions: want 2 of them, got 3");
        var spec = new AttentionSpec(new AttentionShape(2, 1, 4, 1, 0), Mask.causal());
        Tensor q = v.random(3, 8);
        Tensor k = v.random(3, 4);
        refused(
                o -> o.attention(v.random(3, 7), k, k, spec, STRAIGHT),
                "attention: q: want shape [3, 8], got f32[3, 7]");
        refused(
                o -> o.attention(q, v.random(2, 4), k, spec, STRAIGHT),
                "attention: k: want shape [3, 4], got f32[2, 4]");
        refused(o -> o.attention(q, k, q, spec, STRAIGHT), "attention: v: want shape [3, 4], got f32[3, 8]");
        refused(o -> o.attention(v.random(8), k, k, spec, STRAIGHT), "attention: q: want 2 sizes, got f32[8]");
    }

    @Test
    void activations() {
        Tensor x = v.random(3, 7);
        Tensor packed = v.packed(x, WeightFormat.F32);
        refused(o -> o.activate(Activation.SILU, packed), "activate: x: want plain f32 values, got packed f32[3, 7]");
        refused(o -> o.gate(Activation.SILU, x, v.random(7, 3)), "gate: up: want shape [3, 7], got f32[7, 3]");
        refused(o -> o.glu(x), "glu: x: want an even number of columns, got f32[3, 7]");
    }

    @Test
    void convolutions() {
        Tensor x = v.random(4, 3);
        Tensor w = v.random(2, 5, 3);
        refused(o -> o.conv1d(x, w, 1), "conv1d: x: want at least 5 rows, got f32[4, 3]");
        refused(
                o -> o.conv1d(x, v.random(2, 2, 4), 1),
                "conv1d: weight: want shape [out, kernel, 3], got f32[2, 2, 4]");
        refused(o -> o.conv1d(x, v.random(2, 3), 1), "conv1d: weight: want shape [out, kernel, 3], got f32[2, 3]");
        refused(o -> o.conv1d(v.random(9, 3), w, 0), "conv1d: stride: want at least 1, got 0");
        refused(o -> o.conv1d(v.random(3), w, 1), "conv1d: x: want 2 sizes, got f32[3]");
        refused(o -> o.depthwiseConv1d(x, v.random(5, 4), 0), "depthwiseConv1d: taps: want 3 columns, got f32[5, 4]");
        refused(o -> o.depthwiseConv1d(x, v.random(5, 3), 5), "depthwiseConv1d: left: want 0 to 4, got 5");
    }

    @Test
    void images() {
        refused(o -> o.patches(v.random(3, 4, 6), 4), "patches: image: want sides in multiples of 4, got f32[3, 4, 6]");
        refused(o -> o.patches(v.random(4, 4), 2), "patches: image: want 3 sizes, got f32[4, 4]");
        refused(o -> o.averagePool(v.random(15, 2), 1), "averagePool: x: want a square number of rows, got f32[15, 2]");
        refused(o -> o.averagePool(v.random(16, 2), 3), "averagePool: pool: want a divisor of 4, got 3");
    }

    @Test
    void rows() {
        Tensor x = v.random(4, 3);
        refused(
                o -> o.scatterRows(x, new int[] {1, 2}, v.random(1, 3)),
                "scatterRows: values: want shape [2, 3], got f32[1, 3]");
        refused(o -> o.scatterRows(x, new int[] {4}, v.random(1, 3)), "scatterRows: rows: want 0 to 3, got 4");
        refused(
                o -> o.scatterRows(x, new int[] {2, 2}, v.random(2, 3)),
                "scatterRows: rows: want rising, got 2 after 2");
        refused(o -> o.selectRows(x, new int[] {-1}), "selectRows: rows: want 0 to 3, got -1");
    }
}
