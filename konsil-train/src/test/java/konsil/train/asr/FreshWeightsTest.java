package konsil.train.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import konsil.kernel.KernelChoice.Kind;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.train.GoldenFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FreshWeightsTest {
    @TempDir
    Path folder;

    /** Two shapes, one of them with all biases. */
    @ParameterizedTest
    @ValueSource(strings = {"lasr-a", "lasr-b"})
    void tensorsAreThoseOfAPublishedModelAndItLoads(String golden) throws IOException {
        Path from = GoldenFolder.of(golden);
        FreshWeights.write(from, folder, 1, FileType.F32);
        try (var wanted = Checkpoint.open(from);
                var fresh = Checkpoint.open(folder)) {
            var names = new LinkedHashSet<>(wanted.names());
            assertThat(fresh.names()).containsExactlyInAnyOrderElementsOf(names);
            for (String name : names) {
                assertThat(fresh.info(name).shape())
                        .as(name)
                        .isEqualTo(wanted.info(name).shape());
                assertThat(fresh.info(name).type())
                        .as(name)
                        .isEqualTo(wanted.info(name).type());
            }
            assertThat(fresh.files()).isEqualTo(wanted.files());
        }
        try (var small = new SmallSpeech(Kind.SCALAR, folder)) {
            assertThat(small.subject.kept()).isNotEmpty();
        }
    }

    @Test
    void valuesAreDistributedAsTheReferenceBegins() throws IOException {
        FreshWeights.write(SmallSpeech.FOLDER, folder, 1, FileType.F32);
        try (var fresh = Checkpoint.open(folder)) {
            float[] matrix = fresh.f32("encoder.layers.1.feed_forward1.linear1.weight");
            double sum = 0;
            double squares = 0;
            for (float value : matrix) {
                sum += value;
                squares += (double) value * value;
            }
            assertThat(sum / matrix.length).isCloseTo(0, within(1e-3));
            assertThat(Math.sqrt(squares / matrix.length)).isCloseTo(0.02, within(1e-3));
            assertThat(fresh.f32("encoder.layers.0.conv.norm.weight")).containsOnly(1);
            assertThat(fresh.f32("encoder.layers.0.conv.norm.running_var")).containsOnly(1);
            assertThat(fresh.f32("encoder.layers.0.conv.norm.running_mean")).containsOnly(0);
            assertThat(fresh.f32("encoder.layers.0.conv.norm.bias")).containsOnly(0);
            assertThat(fresh.f32("ctc_head.bias")).containsOnly(0);
            assertThat(fresh.f32("encoder.layers.0.norm_out.weight")).containsOnly(1);
        }
    }

    @Test
    void theSeedAloneDecides() throws IOException {
        Path a = folder.resolve("a");
        Path b = folder.resolve("b");
        Path c = folder.resolve("c");
        FreshWeights.write(SmallSpeech.FOLDER, a, 7, FileType.BF16);
        FreshWeights.write(SmallSpeech.FOLDER, b, 7, FileType.BF16);
        FreshWeights.write(SmallSpeech.FOLDER, c, 8, FileType.BF16);
        String file = "model.safetensors";
        assertThat(Files.mismatch(a.resolve(file), b.resolve(file))).isEqualTo(-1);
        assertThat(Files.mismatch(a.resolve(file), c.resolve(file))).isNotEqualTo(-1);
        try (var fresh = Checkpoint.open(a)) {
            assertThat(fresh.info("ctc_head.weight").type()).isEqualTo(FileType.BF16);
            assertThat(fresh.info("ctc_head.bias").type()).isEqualTo(FileType.F32);
        }
    }

    @Test
    void aFolderOfSomethingElseIsRefused() {
        assertThatThrownBy(() -> FreshWeights.write(folder, folder.resolve("to"), 1, FileType.F32))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("config.json");
        Path gemma = GoldenFolder.of("gemma3-a");
        assertThatThrownBy(() -> FreshWeights.write(gemma, folder.resolve("to"), 1, FileType.F32))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("lasr_ctc");
    }
}
