package konsil.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.cli.Exit;
import konsil.tensor.file.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SftTest {
    @TempDir
    Path folder;

    private static final String[] SHORT = {"--steps", "6", "--batch", "2", "--lr", "5e-3", "--rank", "4"};

    private static String[] with(String... more) {
        var all = new ArrayList<>(List.of(SHORT));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static List<Double> figures(Path metrics, String figure) throws IOException {
        return Files.readAllLines(metrics).stream()
                .filter(line -> line.contains("\"" + figure + "\":"))
                .map(line -> Double.parseDouble(
                        line.split("\"" + figure + "\":", -1)[1].split("[,}]", -1)[0]))
                .toList();
    }

    @Test
    void anAdapterLearnsTheAnswersAndIsUsed() throws IOException {
        Path data = Tune.data(folder);
        Path out = folder.resolve("run");
        String settings =
                "--steps 36 --batch 6 --lr 1e-2 --every 12 --dropout 0 --schedule constant --rank 32 --alpha 64";
        var options = new ArrayList<>(List.of("--held-out", data.toString(), "--json"));
        options.addAll(List.of(settings.split(" ", -1)));
        var run = Tune.sft(data, out, options.toArray(String[]::new));
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("\"finished\" : true", "\"best_step\" : 36", "\"preset\" : \"lora\"");
        assertThat(figures(out.resolve("metrics.jsonl"), "loss").getFirst()).isGreaterThan(6);
        assertThat(figures(out.resolve("metrics.jsonl"), "held_out_loss").getLast())
                .isLessThan(0.5);
        assertThat(out.resolve("metrics.html")).content().contains("<polyline");
        var asked = Tune.konsil(
                "ask",
                "--model",
                Tune.golden("gemma3-a"),
                "--adapter",
                out.resolve("adapter").toString(),
                "Is it stable?");
        assertThat(asked.out()).contains("No change.");
    }

    @Test
    void aKilledRunGoesOnWithTheNumbersOfOneThatWasNot() throws Exception {
        Path data = Tune.data(folder);
        Path whole = folder.resolve("whole");
        String[] settings = with("--dropout", "0.1", "--held-out", data.toString(), "--every", "3", "--save", "2");
        assertThat(Tune.sft(data, whole, settings).exit()).isZero();

        Path killed = folder.resolve("killed");
        assertThat(HaltingTune.run(folder, 5, Tune.arguments(data, killed, settings)))
                .isEqualTo(HaltingTune.CODE);
        assertThat(Files.readAllLines(killed.resolve("metrics.jsonl"))).hasSize(6);
        assertThat(killed.resolve("adapter")).doesNotExist();
        var refused = Tune.sft(data, killed, settings);
        assertThat(refused.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(refused.err()).contains("holds a run already; use --resume");

        var other = new ArrayList<>(List.of(settings));
        other.addAll(List.of("--resume", "--clip", "0.5"));
        assertThat(Tune.sft(data, killed, other.toArray(String[]::new)).err()).contains("clip was 1.0, is 0.5");

        var again = new ArrayList<>(List.of(settings));
        again.add("--resume");
        var resumed = Tune.sft(data, killed, again.toArray(String[]::new));
        assertThat(resumed.exit()).as(resumed.err()).isZero();
        assertThat(Files.readAllLines(killed.resolve("metrics.jsonl")))
                .isEqualTo(Files.readAllLines(whole.resolve("metrics.jsonl")))
                .hasSize(8);
        assertThat(Files.mismatch(adapter(killed), adapter(whole))).isEqualTo(-1);
    }

    private static Path adapter(Path run) {
        return run.resolve("adapter/adapter_model.safetensors");
    }

    @Test
    void aWholeModelIsTrainedAndWrittenAsItWasPublished() throws IOException {
        Path data = Tune.data(folder);
        Path out = folder.resolve("full");
        var run = Tune.sft(
                data,
                out,
                "--full",
                "--freeze-vision",
                "--steps",
                "6",
                "--batch",
                "6",
                "--lr",
                "3e-3",
                "--dropout",
                "0");
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        var losses = figures(out.resolve("metrics.jsonl"), "loss");
        assertThat(losses.getLast()).isLessThan(losses.getFirst() - 1);
        try (var before = Checkpoint.open(Path.of(Tune.golden("gemma3-a")));
                var after = Checkpoint.open(out.resolve("model"))) {
            assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
            for (String name : before.names()) {
                boolean ofImages = name.startsWith("vision_tower") || name.startsWith("multi_modal");
                assertThat(after.info(name).shape()).isEqualTo(before.info(name).shape());
                assertThat(after.info(name).type()).isEqualTo(before.info(name).type());
                assertThat(after.same(name, name)).isTrue();
                if (ofImages) {
                    assertThat(after.f32(name)).as(name).isEqualTo(before.f32(name));
                }
            }
            String norm = "language_model.model.norm.weight";
            assertThat(after.f32(norm)).isNotEqualTo(before.f32(norm));
        }
        var asked =
                Tune.konsil("ask", "--model", out.resolve("model").toString(), "--max-tokens", "4", "Is it stable?");
        assertThat(asked.exit()).as(asked.err()).isLessThanOrEqualTo(1);
    }

    @Test
    void theNotebooksSettingsSayHowTheyDiffer() throws IOException {
        Path data = Tune.data(folder);
        var run = Tune.sft(data, folder.resolve("n"), "--preset", "notebook", "--steps", "1", "--batch", "1", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("fine_tune_with_hugging_face.ipynb", "the embedding and the output are not trained");
        String page = Files.readString(folder.resolve("n/metrics.html"));
        assertThat(page).contains("rank=16, alpha=16.0, rankStabilised=false, dropout=0.05", "148 tensors");
    }

    @Test
    void mergedAndUnmergedThroughTheCommandLine() {
        String merged = folder.resolve("merged").toString();
        String adapter = Tune.golden("lora-a/final");
        var run =
                Tune.konsil("tune", "merge", "--model", Tune.golden("gemma3-a"), "--adapter", adapter, "--out", merged);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("56 matrices changed");
        String back = folder.resolve("back").toString();
        var undone = Tune.konsil(
                "tune", "merge", "--unmerge", "--model", merged, "--adapter", adapter, "--out", back, "--json");
        assertThat(undone.out()).contains("\"matrices\" : 56");
        var full = Tune.konsil("tune", "merge", "--model", merged, "--adapter", adapter, "--out", back);
        assertThat(full.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(full.err()).contains("want a folder that is empty");
    }

    @Test
    void mistakesAreNamedBeforeAnythingIsComputed() throws IOException {
        Path data = Tune.data(folder);
        Path bad = folder.resolve("bad.jsonl");
        Files.writeString(bad, "{\"messages\":[]}\n{\"messages\":[{\"role\":\"user\",\"content\":7}]}\n");
        var run = Tune.sft(bad, folder.resolve("a"));
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.err())
                .contains("2 things cannot be used", "line 1: messages", "line 2: messages[0].content: want a list");
        assertThat(folder.resolve("a")).doesNotExist();
        assertThat(Tune.sft(data, folder.resolve("b"), "--preset", "x").err())
                .contains("want one of lora, notebook, scratch");
        assertThat(Tune.sft(data, folder.resolve("b"), "--freeze-vision").err())
                .contains("--freeze-vision wants --full");
        assertThat(Tune.sft(data, folder.resolve("b"), "--loss", "some").err()).contains("want answer or all");
        assertThat(Tune.sft(data, folder.resolve("b"), "--context", "9999999").err())
                .contains("--context: want 2 to");
        assertThat(Tune.konsil("tune").exit()).isEqualTo(Exit.USAGE.code());
        assertThat(Tune.konsil("tune", "nothing").exit()).isEqualTo(Exit.USAGE.code());
        var help = Tune.konsil("tune", "sft", "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("Examples:", "Exit codes:", "--preset", "konsil tune sft --model");
    }
}
