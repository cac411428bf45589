package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import konsil.kernel.WeightFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFolderTest {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir
    Path folder;

    @BeforeEach
    void twoShards() throws IOException {
        shard(FIRST, "a");
        shard(SECOND, "b", "c");
        index("{\"a\":\"%s\",\"b\":\"%s\",\"c\":\"%s\"}".formatted(FIRST, SECOND, SECOND));
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(folder.resolve("README.md"), "x");
    }

    private void shard(String file, String... names) throws IOException {
        var tensors = Arrays.stream(names)
                .map(name -> NewTensor.of(name, FileType.F32, new float[] {name.charAt(0)}, 1))
                .toList();
        SafetensorsWriter.write(folder.resolve(file), tensors, Map.of());
    }

    private void index(String weightMap) throws IOException {
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"metadata\":{\"total_size\":12},\"weight_map\":" + weightMap + "}");
    }

    @Test
    void shardsAreOneCheckpoint() throws IOException {
        try (var model = Checkpoint.open(folder)) {
            assertThat(model.names()).containsExactly("a", "b", "c");
            assertThat(model.f32("c")).containsExactly('c');
            assertThat(model.files()).containsExactly("config.json");
            assertThat(model.file("config.json").orElseThrow().byteSize()).isEqualTo(2);
            assertThat(model.file("README.md")).isEmpty();
            assertThat(model.format()).isEqualTo("safetensors, 2 files");
            assertThatThrownBy(() -> model.info("d")).isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void oneFileWithoutAnIndexIsTakenAsItIs() throws IOException {
        Files.delete(folder.resolve("model.safetensors.index.json"));
        shard("model.safetensors", "x");
        try (var model = Checkpoint.open(folder)) {
            assertThat(model.names()).containsExactly("x");
        }
    }

    @Test
    void shardsWithoutAnIndexAreJoined() throws IOException {
        Files.delete(folder.resolve("model.safetensors.index.json"));
        try (var model = Checkpoint.open(folder)) {
            assertThat(model.names()).containsExactly("a", "b", "c");
        }
        shard("other.safetensors", "a");
        assertRefused("other.safetensors: a: the file " + FIRST + " has a tensor of this name");
    }

    @Test
    void textAndImageGgufAreOneCheckpoint() throws IOException {
        Files.delete(folder.resolve("model.safetensors.index.json"));
        Files.delete(folder.resolve(FIRST));
        Files.delete(folder.resolve(SECOND));
        Files.copy(Golden.path("gguf-a/mmproj-F16.gguf"), folder.resolve("mmproj-F16.gguf"));
        Files.copy(Golden.path("gguf-a/text-Q4_0.gguf"), folder.resolve("text-Q4_0.gguf"));
        try (var model = Checkpoint.open(folder)) {
            assertThat(model.metadata().text("general.architecture")).isEqualTo("gemma3");
            assertThat(model.metadata().whole("clip.vision.image_size")).isEqualTo(112);
            assertThat(model.names()).contains("token_embd.weight", "v.patch_embd.weight");
        }
    }

    @Test
    void filesOfOneModelAreOpenedTogether() throws IOException {
        var text = Golden.path("gguf-a/text-Q4_0.gguf");
        try (var model = Checkpoint.open(List.of(text, Golden.path("gguf-a/mmproj-F16.gguf")))) {
            assertThat(model.metadata().text("general.architecture")).isEqualTo("gemma3");
            assertThat(model.names()).contains("token_embd.weight", "v.patch_embd.weight");
            assertThat(model.path()).isEqualTo(text);
        }
        assertThatThrownBy(() -> Checkpoint.open(List.of(text, text)).close())
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("has a tensor of this name, too");
    }

    @Test
    void settingsAreReadFromTheFolderAndFromPackedFilesInIt() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"size\":3}");
        Files.writeString(folder.resolve("tokenizer_config.json"), "[]");
        try (var model = Checkpoint.open(folder)) {
            assertThat(model.settings("config.json").orElseThrow().whole("size"))
                    .isEqualTo(3);
            assertThat(model.settings("generation_config.json")).isEmpty();
            assertThatThrownBy(() -> model.settings("tokenizer_config.json"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("tokenizer_config.json: want a JSON object");
        }
        Path packed = Files.createDirectory(folder.resolve("packed"));
        try (var model = Checkpoint.open(folder)) {
            var settings = new ImportSettings(WeightFormat.F32, List.of());
            new Importer(model, settings, ImporterTest.SILENT).run(packed.resolve("model.konsil"));
        }
        try (var model = Checkpoint.open(packed)) {
            assertThat(model.files()).contains("config.json");
            assertThat(model.settings("config.json").orElseThrow().whole("size"))
                    .isEqualTo(3);
        }
    }

    @Test
    void tensorsMissingFromAShardOrTheIndexAreNamed() throws IOException {
        index("{\"a\":\"%s\",\"b\":\"%s\"}".formatted(FIRST, SECOND));
        assertRefused(SECOND + ": c: model.safetensors.index.json does not list it for this file");
        index("{\"a\":\"%s\",\"b\":\"%s\",\"c\":\"%s\",\"d\":\"%s\"}".formatted(FIRST, SECOND, SECOND, FIRST));
        assertRefused(FIRST + ": d: is in the index but not in this file");
        index("{\"a\":\"%s\",\"b\":\"%s\",\"c\":\"%s\"}".formatted(FIRST, SECOND, FIRST));
        assertRefused(SECOND + ": c: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x.safetensors",
                "/etc/passwd",
                "sub/x.safetensors",
                "..",
                "",
                "x.bin",
                "a\\u0000.safetensors",
                "C:\\\\x.safetensors"
            })
    void anIndexReachesNoOtherFolder(String shard) throws IOException {
        index("{\"a\":\"%s\"}".formatted(shard));
        assertRefused("want the plain name of a .safetensors file in the same folder");
    }

    @Test
    void refusesIndexesThatMakeNoSense() throws IOException {
        index("{}");
        assertRefused("want 1 to 1024 files, got 0");
        index("{\"a\":7}");
        assertRefused("weight_map.a: want text, got a whole number");
        index("[]");
        assertRefused("weight_map: want an object");
        index("{\"a\":\"missing.safetensors\"}");
        assertRefused("missing.safetensors: there is no such file");
    }

    @Test
    void namesAnEmptyFolder() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> Checkpoint.open(empty))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("empty: want a .safetensors, .gguf or .konsil file in this folder");
    }

    @Test
    void tellsFormatsByContent() throws IOException {
        Files.copy(Golden.path("formats/metadata.gguf"), folder.resolve("wrong.safetensors"));
        try (var model = Checkpoint.open(folder.resolve("wrong.safetensors"))) {
            assertThat(model).isInstanceOf(Gguf.class);
        }
        for (byte[] bytes : List.of(new byte[0], new byte[] {1}, new byte[100])) {
            Files.write(folder.resolve("x"), bytes);
            assertThatThrownBy(() -> Checkpoint.open(folder.resolve("x"))).isInstanceOf(BadFileException.class);
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }
}
