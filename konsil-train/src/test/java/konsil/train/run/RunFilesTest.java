package konsil.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import konsil.kernel.NativeMemory;
import konsil.kernel.Workers;
import konsil.tensor.Tensor;
import konsil.train.optim.AdamWSettings;
import konsil.train.optim.Learnable;
import konsil.train.optim.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFilesTest {
    @TempDir
    Path folder;

    @Test
    void everyEpochHasEachExampleOnceInAnOrderOfItsOwn() {
        var order = new EpochOrder(7, 42);
        int[] all = order.from(0, 21);
        for (int epoch = 0; epoch < 3; epoch++) {
            var seen = new TreeSet<Integer>();
            for (int i = 0; i < 7; i++) {
                seen.add(all[7 * epoch + i]);
                assertThat(order.at(7L * epoch + i)).isEqualTo(all[7 * epoch + i]);
            }
            assertThat(seen).hasSize(7);
        }
        assertThat(order.from(5, 4)).containsExactly(all[5], all[6], all[7], all[8]);
        assertThat(order.from(0, 7)).isNotEqualTo(order.from(7, 7));
        assertThat(new EpochOrder(7, 43).from(0, 7)).isNotEqualTo(order.from(0, 7));
    }

    @Test
    void metricsForgetWhatCameAfterASnapshotAndHalfLines() throws IOException {
        Path file = folder.resolve("m.jsonl");
        var metrics = Metrics.fresh(file);
        for (int step = 1; step <= 4; step++) {
            metrics.add(step, Map.of("loss", 1.0 / step));
        }
        metrics.add(2, Map.of("held", Double.NaN));
        Files.writeString(file, "{\"step\":2,\"lo", StandardOpenOption.APPEND);
        var again = Metrics.upTo(file, 2);
        assertThat(Files.readAllLines(file))
                .containsExactly("{\"step\":1,\"loss\":1.0}", "{\"step\":2,\"loss\":0.5}", "{\"step\":2}");
        assertThat(again.curve("loss")).hasSize(2);
        assertThat(again.names()).containsExactly("loss");
    }

    @Test
    void thePageNeedsNothingElse() throws IOException {
        var metrics = Metrics.fresh(folder.resolve("m.jsonl"));
        for (int step = 1; step <= 5000; step++) {
            metrics.add(step, Map.of("loss", 5.0 / step));
        }
        metrics.add(5000, Map.of("held_out_loss", 0.25));
        String page = CurvesPage.of("a <b>", Map.of("data", "\"x\" & y"), metrics);
        assertThat(page)
                .contains("a &lt;b&gt;", "&quot;x&quot; &amp; y", "<polyline", "held out loss", "<circle")
                .doesNotContain("http", "<script", "NaN", "Infinity", "url(");
        assertThat(page.length()).isLessThan(100_000);
        assertThat(page.split("<svg", -1)).hasSize(3);
    }

    private static RunSettings settings(int patience) {
        return new RunSettings(
                new Schedule(Schedule.Shape.CONSTANT, 0.1, 0, 9), 1, AdamWSettings.TORCH, 1, 1, 1, patience, 0);
    }

    @Test
    void aRunThatIsTakenUpStandsWhereItStoodAndKnowsItsBest() throws IOException {
        try (var memory = new NativeMemory();
                var workers = new Workers(1)) {
            Tensor values = Tensor.of(memory, new float[] {1, 2, 3, 4}, 2, 2);
            var learnables = List.of(Learnable.of("w", values));
            Tensor gradient = Tensor.of(memory, new float[] {1, -1, 0.5f, 2}, 2, 2);
            var words = new LinkedHashMap<>(Map.of("batch", "1"));
            var first = new Progression(settings(2), RunFolder.open(folder, words, false), learnables, workers);
            first.step(Map.of(values, gradient), Map.of("loss", 3.0));
            assertThat(first.look("held", 0.5, true)).isTrue();
            float[] best = values.toArray();
            first.step(Map.of(values, gradient), Map.of("loss", 2.0));
            assertThat(first.look("held", 0.6, true)).isFalse();
            first.save(true);
            float[] saved = values.toArray();
            first.step(Map.of(values, gradient), Map.of("loss", 1.0));
            float[] third = values.toArray();

            values.copyFrom(new float[4]);
            assertThatThrownBy(() -> RunFolder.open(folder, words, false)).hasMessageContaining("--resume");
            assertThatThrownBy(() -> new Progression(
                            settings(2), RunFolder.open(folder, Map.of("batch", "2"), true), learnables, workers))
                    .hasMessageContaining("batch was 1, is 2");
            var second = new Progression(settings(2), RunFolder.open(folder, words, true), learnables, workers);
            assertThat(second.step()).isEqualTo(2);
            assertThat(values.toArray()).isEqualTo(saved);
            assertThat(Files.readAllLines(folder.resolve("metrics.jsonl"))).hasSize(4);
            second.step(Map.of(values, gradient), Map.of("loss", 1.0));
            assertThat(values.toArray()).isEqualTo(third);
            assertThat(second.over()).isFalse();
            second.look("held", 0.7, true);
            assertThat(second.stoppedEarly()).isTrue();
            assertThat(second.best()).hasValue(0.5);
            second.takeBest();
            assertThat(values.toArray()).isEqualTo(best);
            Tensor nothing = Tensor.of(memory, new float[] {Float.NaN, 0, 0, 0}, 2, 2);
            assertThatThrownBy(() -> second.step(Map.of(values, nothing), Map.of()))
                    .hasMessageContaining("the gradients are no numbers");
        }
    }
}
