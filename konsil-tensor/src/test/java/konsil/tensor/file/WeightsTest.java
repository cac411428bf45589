package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import konsil.kernel.NativeMemory;
import konsil.kernel.Rows;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir
    Path folder;

    private Checkpoint file;
    private final NativeMemory memory = new NativeMemory();
    private final Workers workers = new Workers(1);

    @BeforeEach
    void aSmallModel() throws IOException {
        Path path = folder.resolve("model.safetensors");
        SafetensorsWriter.write(
                path,
                List.of(
                        NewTensor.of("text.layers.0.norm.weight", FileType.BF16, new float[] {1, 2, 3}, 3),
                        NewTensor.of("text.layers.0.proj.weight", FileType.F32, counting(6), 2, 3),
                        NewTensor.of("text.conv.weight", FileType.F32, counting(12), 2, 3, 2),
                        NewTensor.of("text.scale", FileType.F32, new float[] {5}),
                        NewTensor.of("vision.bias", FileType.F32, new float[] {7, 8}, 2)),
                Map.of());
        file = Safetensors.open(path);
    }

    @AfterEach
    void close() {
        file.close();
        memory.close();
        workers.close();
    }

    private static float[] counting(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    private Weight.Packing packing(WeightFormat format) {
        return new Weight.Packing(format, new WeightPacker(workers), memory);
    }

    @Test
    void givesWhatWasAskedForByScopeNameAndShape() {
        var weights = Weights.of(file);
        var layer = weights.in("text").in("layers", 0);
        var norm = layer.get("norm.weight", 3);
        var scale = weights.in("text").get("scale");
        assertThat(norm.f32(memory).toArray()).containsExactly(1, 2, 3);
        assertThat(norm.name()).isEqualTo("text.layers.0.norm.weight");
        assertThat(scale.f32(memory).toArray()).containsExactly(5);
        assertThat(layer.find("norm.bias", 3)).isEmpty();
        assertThat(layer.find("norm.weight", 3)).isPresent();
        assertThat(weights.in("vision").shapeOf("bias")).containsExactly(2L);
    }

    @Test
    void f32InTheFileIsNotCopied() {
        var bias = Weights.of(file).get("vision.bias", 2);
        assertThat(bias.f32(memory).rows().data().address())
                .isEqualTo(bias.bytes().address());
    }

    @Test
    void reportsEverythingAtOnce() {
        var weights = Weights.of(file);
        weights.get("text.layers.0.norm.weight", 3);
        weights.get("text.layers.0.proj.weight", 3, 2);
        weights.get("text.layers.1.norm.weight", 3);
        assertThatThrownBy(weights::finish).isInstanceOf(BadFileException.class).hasMessage("""
                        model.safetensors: the tensors do not fit the model
                          1 missing:
                            text.layers.1.norm.weight [3]
                          1 of another shape:
                            text.layers.0.proj.weight: want [3, 2], got [2, 3]
                          3 never read:
                            text.conv.weight
                            text.scale
                            vision.bias""");
    }

    @Test
    void touchingAMissingTensorTellsTheSame() {
        var weights = Weights.of(file);
        weights.get("a", 1);
        var wrong = weights.get("vision.bias", 3);
        assertThatThrownBy(() -> wrong.f32(memory))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("1 missing:\n    a [1]")
                .hasMessageContaining("vision.bias: want [3], got [2]");
    }

    @Test
    void longListsAreCut() {
        var weights = Weights.of(file);
        for (int i = 0; i < 100; i++) {
            assertThat(weights.get("layer." + i, 1).shape()).containsExactly(1L);
        }
        assertThatThrownBy(weights::finish).hasMessageContaining("100 missing").hasMessageContaining("and 88 more");
    }

    @Test
    void knownExtrasMayStayUnread() {
        var weights = Weights.of(file);
        weights.get("vision.bias", 2);
        weights.finish(name -> name.startsWith("text."));
    }

    @Test
    void packsMatricesInEveryArrangement() {
        var weights = Weights.of(file);
        var proj = weights.get("text.layers.0.proj.weight", 2, 3);
        var conv = weights.get("text.conv.weight", 2, 3, 2);

        var plain = proj.matrix(Arrangement.OUT_FIRST, packing(WeightFormat.F32));
        var turned = proj.matrix(Arrangement.TRANSPOSED, packing(WeightFormat.BF16));
        var taps = conv.matrix(Arrangement.TAPS_FIRST, packing(WeightFormat.F32));

        assertThat(plain.shape()).containsExactly(2, 3);
        assertThat(row(plain, 1)).containsExactly(3, 4, 5);
        assertThat(turned.shape()).containsExactly(3, 2);
        assertThat(row(turned, 1)).containsExactly(1, 4);
        assertThat(taps.shape()).containsExactly(2, 2, 3);
        assertThat(row(taps, 0)).containsExactly(0, 2, 4, 1, 3, 5);
    }

    @Test
    void turnsTheTapsOfADepthwiseConvolution() throws IOException {
        try (var conformer = Checkpoint.open(Golden.path("lasr-a"))) {
            var weight = Weights.of(conformer).get("encoder.layers.0.conv.depthwise_conv.weight", 64, 1, 32);
            var taps = weight.depthwiseTaps(memory);
            assertThat(taps.shape()).containsExactly(32, 64);
            assertThat(taps.rows().get(5, 7)).isEqualTo(weight.values()[7 * 32 + 5]);
        }
    }

    private float[] row(konsil.tensor.Tensor matrix, int row) {
        var packed = matrix.packed();
        Rows rows = memory.rows(1, packed.in());
        WeightPacker.unpackRow(packed, row, rows, 0);
        float[] values = new float[packed.in()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.get(0, i);
        }
        return values;
    }
}
