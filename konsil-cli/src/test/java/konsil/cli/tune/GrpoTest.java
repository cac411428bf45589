package konsil.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.cli.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GrpoTest {
    @TempDir
    Path folder;

    private Tune grpo(Path data, String... more) {
        var words = new ArrayList<>(List.of("tune", "grpo", "--model", Tune.golden("gemma3-a"), "--data"));
        words.addAll(List.of(data.toString(), "--out", folder.resolve("run").toString(), "--progress", "silent"));
        words.addAll(List.of(more));
        return Tune.konsil(words.toArray(String[]::new));
    }

    private Path data(String... lines) throws IOException {
        Path file = folder.resolve("q.jsonl");
        Files.write(file, List.of(lines));
        return file;
    }

    private static String question(String more) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"Say something.\"}]%s}".formatted(more);
    }

    @Test
    void anAdapterComesOutOfRewards() throws IOException {
        Path data = data(question(",\"answer\":\"the liver\""), question(",\"answer\":\"a lung\""));
        String[] options = {
            "--reward",
            "rouge-l",
            "--reward",
            "letter:0",
            "--steps",
            "2",
            "--batch",
            "2",
            "--group",
            "2",
            "--max-tokens",
            "3",
            "--held-out",
            data.toString(),
            "--every",
            "2",
            "--beta",
            "0.1",
            "--json"
        };
        var unusable = grpo(data, options);
        assertThat(unusable.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(unusable.err()).contains("line 1: answer: want one letter of A to J", "line 2: ");
        options[2] = "--mean";
        options[3] = "answer";
        var run = grpo(data, options);
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("\"finished\" : true", "\"best_held_out_reward\"", "\"rewards\" : \"rouge_l\"");
        var lines = Files.readAllLines(folder.resolve("run/metrics.jsonl"));
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst())
                .contains("\"reward\":", "\"divergence\":", "\"answer_tokens\":", "\"clipped\":0.0");
        assertThat(folder.resolve("run/adapter/adapter_model.safetensors")).exists();
    }

    @Test
    void mistakesAreNamedBeforeAnythingIsComputed() throws IOException {
        Path data = data(question(""));
        assertThat(grpo(data).exit()).isEqualTo(Exit.USAGE.code());
        assertThat(grpo(data, "--reward", "bleu").err()).contains("want letter, field-f1");
        assertThat(grpo(data, "--reward", "command").err()).contains("command wants --command");
        assertThat(grpo(data, "--reward", "letter").err()).contains("line 1: answer: want text beside the messages");
        assertThat(grpo(data, "--reward", "rouge-l", "--group", "1").err()).contains("group: want 2");
        assertThat(grpo(data, "--reward", "command", "--command", "true", "--dropout", "0.1")
                        .err())
                .contains("dropout: want 0");
        assertThat(folder.resolve("run/adapter")).doesNotExist();
    }
}
