package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenizeTest {
    private static final String MODEL = golden("gemma3-a").toString();

    private static Path golden(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) return file;
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    private static Run run(String input, String... more) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        String[] arguments = new String[more.length + 1];
        arguments[0] = "tokenize";
        System.arraycopy(more, 0, arguments, 1, more.length);
        return Run.of(List.of(new TokenizeCommand(in)), arguments);
    }

    @Test
    void linesAreCompletedBothWays() {
        Run run = run("{\"text\":\"is \\n\\n<bos>\",\"id\":7}\n\n{\"ids\":[2,13]}", "--model", MODEL);
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "{\"text\":\"is \\n\\n<bos>\",\"id\":7,\"ids\":[347,13,2]}",
                        "{\"ids\":[2,13],\"text\":\"<bos>\\n\\n\"}");
    }

    @Test
    void decodingReplacesTheText() {
        Run run = run("{\"text\":\"x\",\"ids\":[5,263,263,13]}\n", "--model", MODEL, "--decode");
        assertThat(run.out().strip())
                .isEqualTo("{\"text\":\"<start_of_turn>\uFFFD\uFFFD\\n\\n\",\"ids\":[5,263,263,13]}");
    }

    @Test
    void nothingInNothingOut() {
        assertThat(run("", "--model", MODEL)).isEqualTo(new Run(0, "", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | line 2: want text or ids",
                "{\"text\":7} | line 2: text: want text, got a whole number",
                "{\"ids\":7} | line 2: ids: want a list, got a whole number",
                "{\"ids\":[0,1024]} | line 2: ids[1]: want a whole number of 0..1023",
                "{\"ids\":[-1]} | line 2: ids[0]: want",
                "{\"ids\":[1.5]} | line 2: ids[0]: want",
                "[] | line 2: want an object, got a list",
                "{\"text\":Meier} | line 2: this is not valid JSON (column 14)",
                "{\"text\":\"a\"}{} | line 2: more text follows",
            })
    void badLinesAreTold(String line, String message) {
        Run run = run("{\"text\":\"is \"}\n" + line + "\n", "--model", MODEL);
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.err()).startsWith("konsil: standard input, " + message).doesNotContain("Meier", "\tat ");
    }

    @Test
    void decodingWantsIds() {
        Run run = run("{\"text\":\"x\"}", "--model", MODEL, "--decode");
        assertThat(run.err().strip()).isEqualTo("konsil: standard input, line 1: want ids");
        assertThat(run.exit()).isEqualTo(3);
    }

    @Test
    void modelIsRequiredAndMustBeThere() {
        assertThat(run("").exit()).isEqualTo(2);
        Run run = run("", "--model", "no/such/model");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("model: there is no such file");
    }
}
