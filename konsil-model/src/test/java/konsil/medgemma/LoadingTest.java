package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.WeightFormat;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.GgufWriter;
import konsil.tensor.file.ImportSettings;
import konsil.tensor.file.Importer;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same weights under other names and in other files give the same logits, to the bit. */
final class LoadingTest {
    private static final Golden GOLDEN = Golden.of("gemma3-b");
    private static final String SHARD = "model.safetensors";

    @TempDir
    Path folder;

    private static List<NewTensor> tensors(Checkpoint from, UnaryOperator<String> toName) {
        var tensors = new ArrayList<NewTensor>();
        for (String name : from.names()) {
            var info = from.info(name);
            tensors.add(new NewTensor(toName.apply(name), info.type(), info.shape(), from.bytes(name)));
        }
        return tensors;
    }

    private void renamed(Golden golden, UnaryOperator<String> toName) throws IOException {
        Files.copy(golden.file("config.json"), folder.resolve("config.json"));
        try (var source = Checkpoint.open(golden.folder())) {
            SafetensorsWriter.write(folder.resolve(SHARD), tensors(source, toName), Map.of());
        }
    }

    private static float[] logits(LoadOptions options, Golden golden, Path... paths) {
        try (var open = new OpenModel(Kind.SCALAR, options, paths)) {
            return open.logits(golden, golden.cases().get(2));
        }
    }

    private static float[] exact(Path... paths) {
        return logits(LoadOptions.of(WorkingFormat.EXACT), GOLDEN, paths);
    }

    private static String published(String name) {
        return name.replace("model.language_model.", "language_model.model.")
                .replace("model.vision_tower.", "vision_tower.vision_model.")
                .replace("model.multi_modal_projector.", "multi_modal_projector.")
                .replace("lm_head.", "language_model.lm_head.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "base_model.model."})
    void everySchemeOfNames(String wrapper) throws IOException {
        renamed(GOLDEN, name -> wrapper + published(name).replace("q_proj.weight", "q_proj.base_layer.weight"));
        assertThat(exact(folder)).isEqualTo(exact(GOLDEN.folder()));
    }

    @Test
    void packedFilesInEveryWorkingFormat() throws IOException {
        Path packed = folder.resolve("model.konsil");
        try (var source = Checkpoint.open(GOLDEN.folder())) {
            new Importer(source, new ImportSettings(WeightFormat.BF16, List.of()), new Importer.Progress() {
                        @Override
                        public void begin(long totalBytes) {}

                        @Override
                        public void advance(long bytes) {}
                    })
                    .run(packed);
        }
        assertThat(exact(packed)).isEqualTo(exact(GOLDEN.folder()));
        assertThat(exact(folder)).isEqualTo(exact(GOLDEN.folder()));
        var q8 = LoadOptions.of(WorkingFormat.Q8_0);
        assertThat(logits(q8, GOLDEN, packed)).isEqualTo(logits(q8, GOLDEN, GOLDEN.folder()));
    }

    @Test
    void olderProjectorFilesHaveTwoNamesSwapped() throws IOException {
        var gguf = Golden.of("gguf-a");
        var pixels = Golden.of("gemma3-a");
        Path swapped = folder.resolve("mmproj.gguf");
        try (var source = Checkpoint.open(gguf.file("mmproj-F16.gguf"))) {
            UnaryOperator<String> swap = name ->
                    name.contains("ffn_up") ? name.replace("ffn_up", "ffn_down") : name.replace("ffn_down", "ffn_up");
            var metadata = new LinkedHashMap<>(source.metadata().values());
            GgufWriter.write(swapped, metadata, tensors(source, swap));
        }
        Path text = gguf.file("text-Q4_0.gguf");
        var options = LoadOptions.DEFAULT;
        assertThat(logits(options, pixels, text, swapped))
                .isEqualTo(logits(options, pixels, text, gguf.file("mmproj-F16.gguf")));
    }

    @Test
    void everythingThatDoesNotFitIsReportedAtOnce() throws IOException {
        renamed(GOLDEN, name -> name.endsWith("layers.3.mlp.up_proj.weight") ? "extra.weight" : name);
        String config = Files.readString(folder.resolve("config.json"));
        Files.writeString(folder.resolve("config.json"), config.replace("\"vocab_size\": 300", "\"vocab_size\": 301"));
        assertThatThrownBy(() -> exact(folder))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("language_model.model.layers.3.mlp.up_proj.weight [101, 75]")
                .hasMessageContaining("language_model.model.embed_tokens.weight: want [301, 75], got [300, 75]")
                .hasMessageContaining("1 never read:\n    extra.weight");
    }

    @Test
    void aTiedModelMayHoldItsOutputTwice() throws IOException {
        var golden = Golden.of("gemma3-c");
        Files.copy(golden.file("config.json"), folder.resolve("config.json"));
        var options = LoadOptions.of(WorkingFormat.EXACT);
        try (var source = Checkpoint.open(golden.folder())) {
            var all = new ArrayList<>(tensors(source, name -> name));
            var table = source.info("model.embed_tokens.weight");
            all.add(new NewTensor("lm_head.weight", table.type(), table.shape(), source.bytes(table.name())));
            SafetensorsWriter.write(folder.resolve(SHARD), all, Map.of());
            try (var twice = new OpenModel(Kind.SCALAR, options, folder)) {
                assertThat(twice.model().text().head().out()).isEqualTo(260);
                assertThat(twice.logits(golden, golden.cases().getFirst())).isEqualTo(once(options, golden));
            }
            all.removeLast();
            all.add(NewTensor.of("lm_head.weight", table.type(), new float[260 * 60], 260, 60));
            SafetensorsWriter.write(folder.resolve(SHARD), all, Map.of());
        }
        try (var apart = new OpenModel(Kind.SCALAR, options, folder)) {
            assertThat(apart.logits(golden, golden.cases().getFirst())).containsOnly(0);
        }
    }

    private static float[] once(LoadOptions options, Golden golden) {
        try (var open = new OpenModel(Kind.SCALAR, options, golden.folder())) {
            return open.logits(golden, golden.cases().getFirst());
        }
    }
}
