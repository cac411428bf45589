package konsil.train.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import konsil.medgemma.Adapter;
import konsil.tensor.BadInputException;
import konsil.tensor.Tensor;
import konsil.tensor.file.Checkpoint;
import konsil.train.GoldenFolder;
import konsil.train.TestModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoraTest {
    private static final Path BASE = GoldenFolder.of("gemma3-a");
    private static final Path TRAINED = GoldenFolder.of("lora-a/final");
    private static final int[] WORDS = {2, 105, 300, 401, 17, 555, 90};

    @TempDir
    Path folder;

    private static LoraSettings settings(String targets, boolean vision) {
        return new LoraSettings(4, 8, false, 0, Targets.parse(targets, vision));
    }

    @Test
    void aFreshOneChangesNothingAndIsDrawnWithinBounds() throws IOException {
        try (var open = TestModel.open(BASE);
                var lora = Lora.fresh(open.model(), settings("all-linear", true), 5);
                var again = Lora.fresh(open.model(), settings("all-linear", true), 5);
                var other = Lora.fresh(open.model(), settings("all-linear", true), 6)) {
            assertThat(lora.matrices()).isEqualTo(8 * 7 + 3 * 6);
            var first = lora.learnables().getFirst();
            float[] a = first.values().toArray();
            assertThat(first.name())
                    .isEqualTo("base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight");
            double bound = 1 / Math.sqrt(128);
            double square = 0;
            for (float value : a) {
                assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
                square += value * value;
            }
            // a uniform's variance is a third of its bound squared
            assertThat(square / a.length / (bound * bound / 3)).isBetween(0.85, 1.15);
            assertThat(again.learnables().getFirst().values().toArray()).isEqualTo(a);
            assertThat(other.learnables().getFirst().values().toArray()).isNotEqualTo(a);
            assertThat(lora.learnables().get(1).values().toArray()).containsOnly(0f);
            float[] untouched = TestModel.logits(open.model(), WORDS);
            assertThat(TestModel.logits(lora.on(open.model()), WORDS)).isEqualTo(untouched);
            Tensor b = lora.learnables().get(1).values();
            float[] ones = new float[Math.toIntExact(b.size())];
            Arrays.fill(ones, 1);
            b.copyFrom(ones);
            assertThat(TestModel.logits(lora.on(open.model()), WORDS)).isNotEqualTo(untouched);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "all-linear; false; 56",
                "all-linear; true; 74",
                "q_proj,v_proj; false; 16",
                "q_proj,v_proj; true; 22",
                ".*layers\\.[0-3]\\.mlp.*; false; 18",
                "model\\.vision_tower\\..*\\.fc1; false; 3"
            })
    void targetsMeanWhatTheyMeanInPeft(String targets, boolean vision, int matrices) throws IOException {
        try (var open = TestModel.open(BASE);
                var lora = Lora.fresh(open.model(), settings(targets, vision), 1)) {
            assertThat(lora.matrices()).isEqualTo(matrices);
            AdapterFile.write(lora, folder, "base");
            String written = Files.readString(folder.resolve("adapter_config.json"));
            var said = Pattern.compile("\"target_modules\": \"(.*)\"").matcher(written);
            assertThat(said.find()).isTrue();
            var pattern = Pattern.compile(said.group(1).replace("\\\\", "\\"));
            long meant = Lora.all(open.model()).keySet().stream()
                    .filter(matrix -> pattern.matcher(matrix.module()).matches())
                    .count();
            assertThat(meant).isEqualTo(matrices);
        }
    }

    @Test
    void whatMatchesNothingIsRefused() throws IOException {
        try (var open = TestModel.open(BASE)) {
            assertThatThrownBy(() -> Lora.fresh(open.model(), settings("k_proj2", false), 1))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("model.language_model.layers.0.self_attn.q_proj");
        }
        assertThatThrownBy(() -> Targets.parse("(", false)).hasMessageContaining("regular expression");
        assertThatThrownBy(() -> new LoraSettings(0, 1, false, 0, Targets.parse("all-linear", false)))
                .hasMessageContaining("rank");
    }

    @ParameterizedTest
    @CsvSource({"init", "final", "patterns", "tower"})
    void whatPeftWroteIsReadAndWrittenAgainToTheByte(String name) throws IOException {
        Path from = GoldenFolder.of("lora-a").resolve(name);
        try (var open = TestModel.open(BASE);
                var lora = AdapterFile.read(from, open.model())) {
            AdapterFile.write(lora, folder, "gold/gemma3-a");
            assertThat(tensors(folder.resolve("adapter_model.safetensors")))
                    .isEqualTo(tensors(from.resolve("adapter_model.safetensors")));
            try (var before = Adapter.load(from, open.workers());
                    var after = Adapter.load(folder, open.workers())) {
                assertThat(TestModel.logits(open.model().adapted(after), WORDS))
                        .isEqualTo(TestModel.logits(open.model().adapted(before), WORDS))
                        .isNotEqualTo(TestModel.logits(open.model(), WORDS));
            }
        }
    }

    private static Map<String, String> tensors(Path file) throws IOException {
        var tensors = new TreeMap<String, String>();
        try (var checkpoint = Checkpoint.open(file)) {
            for (String name : checkpoint.names()) {
                tensors.put(name, checkpoint.info(name).shape() + " " + Arrays.toString(checkpoint.f32(name)));
            }
        }
        return tensors;
    }

    @Test
    void mergedIsTheAdapterAndUnmergedIsTheBaseWithinTheRoundingOfBf16() throws IOException {
        Path merged = folder.resolve("merged");
        Path back = folder.resolve("back");
        try (var open = TestModel.open(BASE)) {
            int count = new Merging(BASE, TRAINED, open.workers()).write(merged, Merging.Direction.MERGE);
            assertThat(count).isEqualTo(56);
            new Merging(merged, TRAINED, open.workers()).write(back, Merging.Direction.UNMERGE);
            try (var adapter = Adapter.load(TRAINED, open.workers());
                    var mergedModel = TestModel.open(merged)) {
                float[] wanted = TestModel.logits(open.model().adapted(adapter), WORDS);
                float[] base = TestModel.logits(open.model(), WORDS);
                float[] got = TestModel.logits(mergedModel.model(), WORDS);
                assertThat(distance(got, wanted)).isLessThan(0.02).isLessThan(distance(base, wanted) / 5);
            }
        }
        try (var before = Checkpoint.open(BASE);
                var after = Checkpoint.open(back);
                var between = Checkpoint.open(merged)) {
            assertThat(after.names()).isEqualTo(before.names());
            String name = "language_model.model.layers.3.mlp.up_proj.weight";
            assertThat(between.f32(name)).isNotEqualTo(before.f32(name));
            for (String each : before.names()) {
                assertThat(distance(after.f32(each), before.f32(each))).as(each).isLessThan(0.01);
            }
            assertThat(after.files()).isEqualTo(before.files());
        }
    }

    /** Relative to the largest value. */
    private static double distance(float[] actual, float[] expected) {
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return worst / largest;
    }

    @Test
    void mergingRefusesFullFoldersAndPackedModels() throws IOException {
        Files.writeString(folder.resolve("something"), "x");
        try (var open = TestModel.open(BASE)) {
            assertThatThrownBy(() -> new Merging(BASE, TRAINED, open.workers()).write(folder, Merging.Direction.MERGE))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("want a folder that is empty");
            Path gguf = GoldenFolder.of("gguf-a/text-Q8_0.gguf");
            assertThatThrownBy(() -> new Merging(gguf, TRAINED, open.workers())
                            .write(folder.resolve("new"), Merging.Direction.MERGE))
                    .hasMessageContaining("want a folder with safetensors");
        }
    }

    @Test
    void dropoutLeavesOutItsShareAndTheSameAgain() {
        var matrix = new Matrix(Matrix.Part.TEXT, "layers.3.mlp.up_proj");
        try (var masks = new DropoutMasks(0.25, false)) {
            masks.begin(7);
            float[] first = masks.mask(matrix, 40, 100).toArray();
            int out = 0;
            for (float value : first) {
                assertThat(value).isIn(0f, (float) (1 / 0.75));
                out += value == 0 ? 1 : 0;
            }
            assertThat(out).isBetween(850, 1150);
            masks.mask(new Matrix(Matrix.Part.TEXT, "layers.4.mlp.up_proj"), 40, 100);
            assertThat(masks.mask(matrix, 40, 100).toArray()).isEqualTo(first);
            masks.begin(8);
            assertThat(masks.mask(matrix, 40, 100).toArray()).isNotEqualTo(first);
        }
    }
}
