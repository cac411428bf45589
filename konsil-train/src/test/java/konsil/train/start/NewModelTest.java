package konsil.train.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A new model has the tensors of a published one, and the same seed gives the same. */
final class NewModelTest {
    private static final Path GOLDEN = Path.of("..", "golden");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gemma3-a", "lasr-a"})
    void hasTheTensorsOfAPublishedModel(String name) throws IOException {
        Path out = folder.resolve(name);
        NewModel.write(GOLDEN.resolve(name), 1, FileType.F32, out);
        try (var made = Checkpoint.open(out);
                var published = Checkpoint.open(GOLDEN.resolve(name))) {
            assertThat(made.names()).containsExactlyInAnyOrderElementsOf(published.names());
            for (String tensor : made.names()) {
                assertThat(made.info(tensor).shape())
                        .as(tensor)
                        .isEqualTo(published.info(tensor).shape());
            }
        }
    }

    @Test
    void valuesComeOfTheSeed() throws IOException {
        Path settings = GOLDEN.resolve("lasr-a");
        for (int run = 0; run < 3; run++) {
            NewModel.write(settings, run / 2, FileType.BF16, folder.resolve("run" + run));
        }
        assertThat(weights(0)).isEqualTo(weights(1)).isNotEqualTo(weights(2));
    }

    private byte[] weights(int run) throws IOException {
        return Files.readAllBytes(folder.resolve("run" + run).resolve("model.safetensors"));
    }

    @Test
    void opensForTraining() throws IOException {
        Path out = folder.resolve("new");
        NewModel.write(GOLDEN.resolve("gemma3-a"), 1, FileType.BF16, out);
        try (var workers = new Workers(1)) {
            var kernels = KernelChoice.best(workers).kernels();
            var options = LoadOptions.forTraining();
            try (var model = MedGemma.load(List.of(out), kernels, workers, options)) {
                assertThat(model.parameters().learned()).isNotEmpty();
            }
        }
    }

    @Test
    void keepsWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("precious.txt"), "mine");
        assertThatThrownBy(() -> NewModel.write(GOLDEN.resolve("lasr-a"), 1, FileType.F32, folder))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("new or empty folder");
        assertThat(folder.resolve("precious.txt")).hasContent("mine");
    }

    @Test
    void wantsAConfiguration() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> NewModel.write(empty, 1, FileType.F32, folder.resolve("out")))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("config.json");
    }
}
