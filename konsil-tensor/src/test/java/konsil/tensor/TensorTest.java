package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.WeightFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TensorTest {
    private final NativeMemory memory = new NativeMemory();

    @AfterEach
    void close() {
        memory.close();
    }

    private PackedWeights weights(WeightFormat format, int out, int in) {
        return new PackedWeights(format, out, in, memory.allocate(format.bytes(out, in)));
    }

    @Test
    void rowsAreTheLeadingSizesAndColumnsTheLast() {
        var tensor = Tensor.of(memory, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 2);
        assertThat(tensor.rows().rows()).isEqualTo(6);
        assertThat(tensor.rows().cols()).isEqualTo(2);
        assertThat(tensor.rows().get(4, 1)).isEqualTo(10);
        assertThat(Tensor.zeros(memory, 5).rows().rows()).isEqualTo(1);
        assertThat(tensor).hasToString("f32[2, 3, 2]");
    }

    @Test
    void identityNotValues() {
        var a = Tensor.zeros(memory, 3);
        var b = Tensor.zeros(memory, 3);
        assertThat(a).isNotEqualTo(b);
        assertThat(a.sameShape(b)).isTrue();
    }

    @Test
    void packedTensorsKeepTheirFormat() {
        for (var format : WeightFormat.values()) {
            var tensor = Tensor.packed(weights(format, 6, 64));
            assertThat(tensor.dtype().format()).isEqualTo(format);
            assertThat(tensor.dtype().quantised()).isEqualTo(format.quantised());
            assertThat(tensor.isPacked()).isTrue();
            assertThat(tensor.shape()).containsExactly(6, 64);
        }
        assertThat(Tensor.packed(weights(WeightFormat.BF16, 6, 20), 6, 5, 4)).hasToString("bf16[6, 5, 4]");
    }

    @Test
    void packedAndPlainAreNotMistakenForEachOther() {
        var packed = Tensor.packed(weights(WeightFormat.F32, 6, 64));
        assertThatThrownBy(packed::rows).isInstanceOf(ShapeException.class).hasMessageContaining("f32[6, 64]");
        var plain = Tensor.zeros(memory, 6, 64);
        assertThatThrownBy(plain::packed).isInstanceOf(ShapeException.class).hasMessageContaining("f32[6, 64]");
    }

    @Test
    void shapesThatDoNotFitTheMemoryAreRefused() {
        var bytes = memory.allocate(24);
        assertThat(Tensor.over(bytes, 2, 3).size()).isEqualTo(6);
        assertThatThrownBy(() -> Tensor.over(bytes, 7))
                .isInstanceOf(ShapeException.class)
                .hasMessage("tensor: memory: want 28 bytes, got 24 bytes");
        assertThatThrownBy(() -> Tensor.over(bytes)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.over(bytes, 1, 1, 1, 1, 6)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.packed(weights(WeightFormat.F32, 6, 64), 6, 5, 13))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.packed(weights(WeightFormat.F32, 6, 64), 64, 6))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.zeros(memory, 2).copyFrom(new float[3])).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.zeros(memory, 2).copyFrom(Tensor.zeros(memory, 1, 2)))
                .isInstanceOf(ShapeException.class);
    }
}
