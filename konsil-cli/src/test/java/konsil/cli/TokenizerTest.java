package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import konsil.text.Specials;
import konsil.text.TokenizerFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenizerTest {
    private static final String TEXT = "The liver is normal {period} No focal lesion of the liver {period}";

    @TempDir
    private Path folder;

    private String texts() throws Exception {
        Path file = folder.resolve("texts.txt");
        Files.writeString(file, (TEXT + "\n").repeat(3));
        return file.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemma", "medasr"})
    void aTokenizerIsTrainedAndOpens(String kind) throws Exception {
        String size = kind.equals("gemma") ? "320" : "48";
        Path out = folder.resolve("made").resolve(kind);
        String[] command = {
            "tokenizer", "train", "--kind", kind, "--size", size, "--keep", "{period}", "--out", out.toString(), texts()
        };
        Run run = Run.of(command);
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains(size + " tokens from 3 texts").doesNotContain("do not come back");
        var tokenizer = TokenizerFiles.open(out);
        int[] ids = tokenizer.encode(TEXT);
        assertThat(tokenizer.decode(ids, Specials.KEEP)).isEqualTo(TEXT);
        assertThat(ids).contains(tokenizer.id("\u2581{period}").orElseThrow());
        byte[] once = Files.readAllBytes(out.resolve("tokenizer.json"));
        assertThat(Run.of(command).exit()).isZero();
        assertThat(Files.readAllBytes(out.resolve("tokenizer.json"))).isEqualTo(once);
    }

    @Test
    void figuresAsJson() throws Exception {
        Run run = Run.of("tokenizer", "train", "--size", "300", "--out", folder.toString(), texts(), "--json");
        assertThat(run.out()).contains("\"texts\" : 3", "\"tokens\" : 300", "\"wordsLost\" : 0");
    }

    @Test
    void wrongArgumentsAreTold() throws Exception {
        String out = folder.resolve("o").toString();
        assertThat(Run.of("tokenizer", "train", "--out", out).exit()).isEqualTo(2);
        assertThat(Run.of("tokenizer", "learn", "--out", out, texts()).err()).contains("want train, got learn");
        assertThat(Run.of("tokenizer", "train", "--kind", "x", "--out", out, texts())
                        .err())
                .contains("--kind: want");
        assertThat(Run.of("tokenizer", "train", "--size", "9", "--out", out, texts())
                        .err())
                .contains("size:");
        Run missing = Run.of("tokenizer", "train", "--out", out, "nowhere.txt");
        assertThat(missing.exit()).isEqualTo(3);
        assertThat(missing.err()).contains("nowhere.txt").doesNotContain("\tat ");
        assertThat(Path.of(out)).doesNotExist();
    }
}
