package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImporterTest {
    static final Importer.Progress SILENT = new Importer.Progress() {
        @Override
        public void begin(long totalBytes) {}

        @Override
        public void advance(long bytes) {}
    };

    @TempDir
    Path folder;

    private PackedFile imported(Path source, WeightFormat format, ImportSettings.Rule... rules) throws IOException {
        Path target = folder.resolve("model.konsil");
        try (var checkpoint = Checkpoint.open(source)) {
            new Importer(checkpoint, new ImportSettings(format, List.of(rules)), SILENT).run(target);
        }
        return PackedFile.open(target);
    }

    @ParameterizedTest
    @EnumSource
    void everyTensorKeepsItsValues(WeightFormat format) throws IOException {
        try (var source = Checkpoint.open(Golden.path("gemma3-a"));
                var packed = imported(Golden.path("gemma3-a"), format)) {
            assertThat(packed.names()).containsExactlyElementsOf(source.names());
            for (String name : source.names()) {
                float[] expected = source.f32(name);
                float[] actual = packed.f32(name);
                assertThat(packed.info(name).shape())
                        .isEqualTo(source.info(name).shape());
                if (packed.info(name).layout() instanceof Layout.Packed layout) {
                    assertQuantised(name, actual, expected, stepOf(layout.format()));
                } else {
                    assertThat(packed.info(name).type())
                            .isEqualTo(source.info(name).type());
                    assertThat(packed.bytes(name).mismatch(source.bytes(name))).isEqualTo(-1);
                }
            }
            packed.verify(done -> {});
        }
    }

    private static float stepOf(WeightFormat format) {
        return switch (format) {
            case F32, BF16 -> 0;
            case Q8_0 -> 0.0045f;
            case Q4_0 -> 0.13f;
        };
    }

    /** Blocks run along the matrix's rows, which are not the tensor's where it is transposed: one bound for all. */
    private static void assertQuantised(String name, float[] actual, float[] expected, float step) {
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        float worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(worst).as(name).isLessThanOrEqualTo(step * largest);
    }

    @Test
    void packsWhatIsMultipliedByAndKeepsTheRest() throws IOException {
        try (var packed = imported(Golden.path("gemma3-a"), WeightFormat.Q4_0)) {
            String text = "language_model.model.";
            String vision = "vision_tower.vision_model.";
            assertLayout(packed, text + "layers.0.mlp.up_proj.weight", WeightFormat.Q4_0, Arrangement.OUT_FIRST);
            assertLayout(packed, text + "embed_tokens.weight", WeightFormat.Q8_0, Arrangement.OUT_FIRST);
            assertLayout(
                    packed, vision + "embeddings.patch_embedding.weight", WeightFormat.Q4_0, Arrangement.OUT_FIRST);
            assertLayout(
                    packed,
                    "multi_modal_projector.mm_input_projection_weight",
                    WeightFormat.Q4_0,
                    Arrangement.TRANSPOSED);
            for (String kept : List.of(
                    text + "norm.weight",
                    text + "layers.0.self_attn.q_norm.weight",
                    vision + "embeddings.position_embedding.weight",
                    vision + "embeddings.patch_embedding.bias",
                    vision + "encoder.layers.0.layer_norm1.weight",
                    "multi_modal_projector.mm_soft_emb_norm.weight")) {
                assertThat(packed.info(kept).layout()).as(kept).isEqualTo(new Layout.RowMajor());
            }
            assertThat(packed.originalType(text + "norm.weight")).isEqualTo(FileType.BF16);
        }
    }

    @Test
    void aPackedMatrixCanBeHadInAnotherFormat() throws IOException {
        String name = "multi_modal_projector.mm_input_projection_weight";
        try (var source = Checkpoint.open(Golden.path("gemma3-a"));
                var packed = imported(Golden.path("gemma3-a"), WeightFormat.BF16);
                var memory = new NativeMemory();
                var workers = new Workers(1)) {
            var packer = new WeightPacker(workers);
            var exact = new Weight.Packing(WeightFormat.F32, packer, memory);
            var weight = Weights.of(packed).get(name, 64, 128);
            var direct = Weights.of(source).get(name, 64, 128).matrix(Arrangement.TRANSPOSED, exact);
            var again = weight.matrixIn(Arrangement.TRANSPOSED, exact).packed();
            assertThat(again.format()).isEqualTo(WeightFormat.F32);
            assertThat(again.data().mismatch(direct.packed().data())).isEqualTo(-1);
            var asStored =
                    weight.matrixIn(Arrangement.TRANSPOSED, new Weight.Packing(WeightFormat.BF16, packer, memory));
            assertThat(asStored.packed().data().address())
                    .isEqualTo(weight.bytes().address());
        }
    }

    private static void assertLayout(Checkpoint file, String name, WeightFormat format, Arrangement arrangement) {
        assertThat(file.info(name).layout()).as(name).isEqualTo(new Layout.Packed(format, arrangement));
    }

    @Test
    void packsAConformersConvolutions() throws IOException {
        try (var packed = imported(Golden.path("lasr-a"), WeightFormat.F32);
                var source = Checkpoint.open(Golden.path("lasr-a"))) {
            assertLayout(packed, "encoder.subsampler.conv_0.weight", WeightFormat.F32, Arrangement.TAPS_FIRST);
            assertLayout(packed, "ctc_head.weight", WeightFormat.F32, Arrangement.TAPS_FIRST);
            String depthwise = "encoder.layers.0.conv.depthwise_conv.weight";
            assertThat(packed.info(depthwise).layout()).isEqualTo(new Layout.RowMajor());
            for (String name : source.names()) {
                assertThat(packed.f32(name)).as(name).isEqualTo(source.f32(name));
            }
            assertThat(packed.files())
                    .containsExactly("config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer.model");
        }
    }

    @Test
    void holdsSettingsAndHashesOfItsSource() throws IOException {
        try (var packed = imported(Golden.path("gemma3-a"), WeightFormat.BF16)) {
            byte[] config = packed.file("config.json").orElseThrow().toArray(ValueLayout.JAVA_BYTE);
            assertThat(config).isEqualTo(Files.readAllBytes(Golden.path("gemma3-a/config.json")));
            assertThat(packed.sources())
                    .containsExactly(Map.entry(
                            "model.safetensors",
                            FileHash.sha256(Golden.path("gemma3-a/model.safetensors"), bytes -> {})));
            assertThat(packed.metadata().text("konsil.source")).isEqualTo("gemma3-a");
            assertThat(packed.metadata().text("format")).isEqualTo("pt");
            assertThat(packed.identity()).hasSize(64);
        }
    }

    @Test
    void theSameSourceGivesTheSameFile() throws IOException {
        imported(Golden.path("gemma3-a"), WeightFormat.Q8_0).close();
        byte[] first = Files.readAllBytes(folder.resolve("model.konsil"));
        imported(Golden.path("gemma3-a"), WeightFormat.Q8_0).close();
        assertThat(folder.resolve("model.konsil")).hasBinaryContent(first);
        assertThat(folder.toFile().list()).containsExactly("model.konsil");
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightFormat.class,
            names = {"Q8_0", "Q4_0"})
    void blocksOfGgufAreMovedAsTheyAre(WeightFormat format) throws IOException {
        Path source = Golden.path("gguf-a/text-" + format + ".gguf");
        try (var packed = imported(source, format);
                var gguf = Gguf.open(source)) {
            for (String name : gguf.names()) {
                assertThat(packed.f32(name)).as(name).isEqualTo(gguf.f32(name));
            }
            assertLayout(packed, "token_embd.weight", format, Arrangement.OUT_FIRST);
            assertThat(packed.metadata().texts("tokenizer.ggml.tokens"))
                    .isEqualTo(gguf.metadata().texts("tokenizer.ggml.tokens"));
            packed.verify(done -> {});
        }
    }

    @Test
    void quantisingFromTheOriginalEqualsTheGgufMadeOfIt() throws IOException {
        try (var packed = imported(Golden.path("gemma3-a"), WeightFormat.Q4_0);
                var gguf = Gguf.open(Golden.path("gguf-a/text-Q4_0.gguf"))) {
            assertThat(packed.f32("language_model.model.layers.3.mlp.gate_proj.weight"))
                    .isEqualTo(gguf.f32("blk.3.ffn_gate.weight"));
        }
    }

    @Test
    void textAndImageGgufBecomeOneFile() throws IOException {
        Path both = Files.createDirectory(folder.resolve("both"));
        Files.copy(Golden.path("gguf-a/mmproj-F16.gguf"), both.resolve("mmproj-F16.gguf"));
        Files.copy(Golden.path("gguf-a/text-Q8_0.gguf"), both.resolve("text-Q8_0.gguf"));
        try (var packed = imported(both, WeightFormat.Q8_0);
                var source = Checkpoint.open(both)) {
            assertThat(packed.sources()).containsOnlyKeys("text-Q8_0.gguf", "mmproj-F16.gguf");
            assertThat(packed.metadata().text("general.architecture")).isEqualTo("gemma3");
            assertThat(packed.metadata().whole("clip.vision.patch_size")).isEqualTo(14);
            assertLayout(packed, "mm.input_projection.weight", WeightFormat.Q8_0, Arrangement.TRANSPOSED);
            assertLayout(packed, "v.patch_embd.weight", WeightFormat.Q8_0, Arrangement.OUT_FIRST);
            assertThat(packed.info("v.position_embd.weight").layout()).isEqualTo(new Layout.RowMajor());
            assertThat(packed.f32("v.post_ln.weight")).isEqualTo(source.f32("v.post_ln.weight"));
        }
    }

    @Test
    void rulesChooseTheFormatOfSomeTensors() throws IOException {
        try (var packed = imported(
                Golden.path("gemma3-a"),
                WeightFormat.Q4_0,
                ImportSettings.Rule.of("vision_tower.*", WeightFormat.BF16),
                ImportSettings.Rule.of("*embed_tokens.weight", WeightFormat.F32))) {
            assertLayout(
                    packed,
                    "vision_tower.vision_model.encoder.layers.0.mlp.fc1.weight",
                    WeightFormat.BF16,
                    Arrangement.OUT_FIRST);
            assertLayout(packed, "language_model.model.embed_tokens.weight", WeightFormat.F32, Arrangement.OUT_FIRST);
            assertLayout(
                    packed,
                    "language_model.model.layers.0.mlp.fc1.weight".replace("fc1", "up_proj"),
                    WeightFormat.Q4_0,
                    Arrangement.OUT_FIRST);
        }
    }

    @Test
    void onlyTheEmbeddingsOfAGgufAreSparedFromQ4() throws IOException {
        try (var packed = imported(Golden.path("gguf-a/text-BF16.gguf"), WeightFormat.Q4_0)) {
            assertLayout(packed, "token_embd.weight", WeightFormat.Q8_0, Arrangement.OUT_FIRST);
            assertLayout(packed, "blk.0.attn_output.weight", WeightFormat.Q4_0, Arrangement.OUT_FIRST);
        }
    }

    @Test
    void aFolderWithOnePackedFileIsThatFile() throws IOException {
        imported(Golden.path("gemma3-a"), WeightFormat.Q8_0).close();
        Files.writeString(folder.resolve("config.json"), "{}");
        try (var opened = Checkpoint.open(folder)) {
            assertThat(opened).isInstanceOf(PackedFile.class);
            assertThat(opened.file("config.json").orElseThrow().byteSize()).isEqualTo(947);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oddSizesAndManyChunks(WeightFormat format) throws IOException {
        int rows = 2100;
        int columns = 1003;
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i * 0.7) * (1 + i % 7);
        }
        Path source = folder.resolve("odd.safetensors");
        SafetensorsWriter.write(
                source,
                List.of(
                        NewTensor.of("a.weight", FileType.F32, values, rows, columns),
                        NewTensor.of("mm_input_projection_weight", FileType.F32, values, columns, rows),
                        NewTensor.of("one.weight", FileType.F32, new float[] {3}, 1, 1),
                        NewTensor.of("none.weight", FileType.F32, new float[0], 0, 5)),
                Map.of());
        try (var packed = imported(source, format);
                var file = Checkpoint.open(source);
                var workers = new Workers(2);
                var memory = new NativeMemory()) {
            var packing = new Weight.Packing(format, new WeightPacker(workers), memory);
            for (var entry : Map.of(
                            "a.weight", Arrangement.OUT_FIRST, "mm_input_projection_weight", Arrangement.TRANSPOSED)
                    .entrySet()) {
                var info = file.info(entry.getKey());
                long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
                var direct = Weights.of(file).get(info.name(), shape).matrix(entry.getValue(), packing);
                var mapped = Weights.of(packed).get(info.name(), shape).matrix(entry.getValue(), packing);
                assertThat(mapped.packed().data().mismatch(direct.packed().data()))
                        .as(info.name())
                        .isEqualTo(-1);
                assertQuantised(info.name(), packed.f32(info.name()), values, stepOf(format) + 0x1p-8f);
            }
            assertQuantised("one.weight", packed.f32("one.weight"), new float[] {3}, 0.001f);
            assertThat(packed.f32("none.weight")).isEmpty();
            packed.verify(done -> {});
        }
    }

    @Test
    void anotherArrangementIsRefused() throws IOException {
        try (var packed = imported(Golden.path("gemma3-a"), WeightFormat.F32);
                var workers = new Workers(1);
                var memory = new NativeMemory()) {
            var weight = Weights.of(packed).get("multi_modal_projector.mm_input_projection_weight", 64, 128);
            var packing = new Weight.Packing(WeightFormat.F32, new WeightPacker(workers), memory);
            assertThatThrownBy(() -> weight.matrix(Arrangement.OUT_FIRST, packing))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("is packed TRANSPOSED, want OUT_FIRST; import the model again");
        }
    }

    @Test
    void refusesWhatItCannotPack() throws IOException {
        imported(Golden.path("gemma3-a"), WeightFormat.Q4_0).close();
        assertThatThrownBy(() -> imported(folder.resolve("model.konsil"), WeightFormat.Q8_0))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("is a packed Konsil file already");
        Files.write(
                folder.resolve("iq.gguf"),
                TestBytes.gguf(3, 1, 0)
                        .tensor("a.weight", 18, 0, 256)
                        .padTo(32)
                        .zeros(98)
                        .bytes());
        assertThatThrownBy(() -> imported(folder.resolve("iq.gguf"), WeightFormat.Q8_0))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("iq.gguf: a.weight: type IQ3_XXS is not read by Konsil");
    }

    @Test
    void tellsTheWorkBeforeAndDoesAllOfIt() throws IOException {
        var total = new AtomicLong();
        var done = new AtomicLong();
        var progress = new Importer.Progress() {
            @Override
            public void begin(long totalBytes) {
                total.addAndGet(totalBytes);
            }

            @Override
            public void advance(long bytes) {
                done.addAndGet(bytes);
            }
        };
        try (var checkpoint = Checkpoint.open(Golden.path("gemma3-a"))) {
            var settings = new ImportSettings(WeightFormat.Q8_0, List.of());
            new Importer(checkpoint, settings, progress).run(folder.resolve("x.konsil"));
        }
        assertThat(done.get()).isEqualTo(total.get()).isGreaterThan(3_000_000);
    }

    @Test
    void aStoppedImportLeavesTheOldFile() throws IOException {
        Path target = folder.resolve("model.konsil");
        Files.write(target, "old".getBytes(StandardCharsets.UTF_8));
        try (var checkpoint = Checkpoint.open(Golden.path("gemma3-a"))) {
            var settings = new ImportSettings(WeightFormat.Q8_0, List.of());
            var stopping = new Importer[1];
            var progress = new Importer.Progress() {
                @Override
                public void begin(long totalBytes) {}

                @Override
                public void advance(long bytes) {
                    stopping[0].cancel();
                }
            };
            stopping[0] = new Importer(checkpoint, settings, progress);
            assertThatThrownBy(() -> stopping[0].run(target)).isInstanceOf(CancellationException.class);
        }
        assertThat(target).hasContent("old");
        assertThat(folder.toFile().list()).containsExactly("model.konsil");
    }

    @Test
    void namesAFolderThatIsNotThere() throws IOException {
        try (var checkpoint = Checkpoint.open(Golden.path("gemma3-a"))) {
            var importer = new Importer(checkpoint, new ImportSettings(WeightFormat.F32, List.of()), SILENT);
            assertThatThrownBy(() -> importer.run(folder.resolve("no/such/x.konsil")))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("there is no folder");
        }
    }
}
