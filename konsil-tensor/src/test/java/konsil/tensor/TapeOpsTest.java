package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import konsil.kernel.Activation;
import konsil.kernel.AttentionShape;
import konsil.kernel.WeightFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TapeOpsTest {
    private static final KvLayer STRAIGHT = new KvLayer.PassThrough(WeightFormat.F32);

    private final Values v = new Values();

    @AfterEach
    void close() {
        v.close();
    }

    /** Each op once, in the order of the list below. */
    private void everyOp(Ops ops, Tensor table, Tensor image) {
        var spec = new AttentionSpec(new AttentionShape(2, 1, 4, 1, 0), Mask.causal());
        var statistics = new BatchStatistics(v.random(8), v.positive(8), 1e-5f);
        Tensor x = ops.embed(new int[] {1, 2, 3, 4}, table, 2);
        x = ops.linear(x, v.random(8, 8));
        x = ops.addBias(x, v.random(8));
        x = ops.add(x, x);
        x = ops.scale(x, 2);
        x = ops.rmsNorm(x, v.random(8), 1e-6f);
        x = ops.layerNorm(x, v.random(8), v.random(8), 1e-6f);
        x = ops.batchNorm(x, statistics, v.random(8), v.random(8));
        x = ops.rope(x, new RopeTable(4, 100, 1), new long[] {0, 1, 2, 3});
        x = ops.attention(x, v.random(4, 4), v.random(4, 4), spec, STRAIGHT);
        x = ops.activate(Activation.SILU, x);
        x = ops.gate(Activation.GELU_TANH, x, v.random(4, 8));
        x = ops.glu(x);
        x = ops.conv1d(x, v.random(4, 1, 4), 1);
        x = ops.depthwiseConv1d(x, v.random(3, 4), 1);
        x = ops.averagePool(x, 2);
        x = ops.scatterRows(v.random(3, 4), new int[] {1}, x);
        ops.selectRows(x, new int[] {2, 0});
        ops.patches(image, 2);
    }

    private static final List<String> EVERY_OP = List.of(
            "embed",
            "linear",
            "addBias",
            "add",
            "scale",
            "rmsNorm",
            "layerNorm",
            "batchNorm",
            "rope",
            "attention",
            "activate",
            "gate",
            "glu",
            "conv1d",
            "depthwiseConv1d",
            "averagePool",
            "scatterRows",
            "selectRows",
            "patches");

    @Test
    void everyOpIsRememberedInOrderWhenATrainableTensorReachesIt() {
        Tensor table = v.random(5, 8);
        Tensor image = v.random(1, 4, 4);
        var tape = new TapeOps(v.ops, List.of(table, image));
        everyOp(tape, table, image);
        assertThat(tape.steps().stream().map(StepNames::of)).isEqualTo(EVERY_OP);
        for (var step : tape.steps()) {
            assertThat(tape.tracks(step.out())).isTrue();
            assertThat(step.inputs()).anyMatch(tape::tracks);
        }
    }

    @Test
    void whatNoTrainableTensorReachesIsForgotten() {
        Tensor table = v.random(5, 8);
        Tensor image = v.random(1, 4, 4);
        var tape = new TapeOps(v.ops, List.of(v.random(5, 8)));
        everyOp(tape, table, image);
        assertThat(tape.steps()).isEmpty();
    }

    @Test
    void anyArgumentCanBeTheTrainableOne() {
        Tensor bias = v.random(8);
        Tensor x = v.random(3, 8);
        var tape = new TapeOps(v.ops, List.of(bias));
        Tensor before = tape.scale(x, 2);
        Tensor y = tape.addBias(before, bias);
        tape.add(x, y);
        assertThat(tape.steps().stream().map(StepNames::of)).isEqualTo(List.of("addBias", "add"));
        assertThat(tape.tracks(before)).isFalse();
        assertThat(tape.steps().getFirst()).isEqualTo(new Step.AddBias(before, bias, y));
    }

    @Test
    void packedTensorsCannotBeTrained() {
        Tensor packed = v.packed(v.random(4, 8), WeightFormat.Q8_0);
        assertThatThrownBy(() -> new TapeOps(v.ops, List.of(packed)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("q8_0[4, 8]");
    }

    @Test
    void aCacheHasNoGradient() {
        var plan = new KvPlan(List.of(KvPlan.EVERYTHING), 1, 4, WeightFormat.F32, 10, 10);
        var spec = new AttentionSpec(new AttentionShape(1, 1, 4, 1, 0), Mask.causal());
        var tape = new TapeOps(v.ops, List.of());
        Tensor x = v.random(2, 4);
        try (var cache = new RingCache(plan)) {
            assertThatThrownBy(() -> tape.attention(x, x, x, spec, cache.layer(0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("KvCache.None");
        }
    }
}
