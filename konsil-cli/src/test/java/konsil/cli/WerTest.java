package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WerTest {
    @TempDir
    Path folder;

    private String references;
    private String hypotheses;

    @BeforeEach
    void write() throws IOException {
        references = file("ref.txt", "The heart is normal {period}</s>\nNo e.g. effusion here\n");
        hypotheses = file("hyp.txt", "the hart is very normal period\nno eg effusion\n");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void bothOfficialNormalisersUnlessOneIsAskedFor() {
        Run run = Run.of("wer", references, hypotheses);
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines().filter(line -> line.startsWith("Normaliser")))
                .containsExactly("Normaliser quick-start, 2 utterances:", "Normaliser fine-tune, 2 utterances:");
        assertThat(run.out())
                .contains("  WER  50.00 %  (95 % interval 40.00 % to 60.00 %; 1000 resamples, seed 1)")
                .contains("S 2, D 2, I 1 of 10 words")
                .contains("  WER  33.33 %")
                .contains("S 1, D 1, I 1 of 9 words");
        Run none = Run.of("wer", references, hypotheses, "--normalise", "none");
        assertThat(none.out()).startsWith("Normaliser none, ").contains("S 5, D 1, I 1 of 9 words");
    }

    @Test
    void detailsShowWhereWordsDiffer() {
        Run run = Run.of("wer", references, hypotheses, "--normalise", "fine-tune", "--details");
        assertThat(run.out())
                .containsSubsequence(
                        "  1: 40.00 %, S 1, D 0, I 1 of 5 words",
                        "    REF  the heart is ***  normal period",
                        "    HYP  the hart  is very normal period",
                        "             S        I",
                        "    REF  no eg effusion here",
                        "    HYP  no eg effusion ***")
                .doesNotContain("\u001B");
    }

    @Test
    void jsonIsTheSameForTheSameSeed() {
        Run run = Run.of("wer", references, hypotheses, "--json", "--details", "--resamples", "50", "--seed", "9");
        assertThat(run.out()).contains("\"wer\" : 0.5,", "\"resamples\" : 50", "\"seed\" : 9", "\"edits\" : [ \"hit\"");
        assertThat(Run.of("wer", references, hypotheses, "--json", "--details", "--resamples", "50", "--seed", "9"))
                .isEqualTo(run);
    }

    @Test
    void sameFilesHaveNoErrors() {
        assertThat(Run.of("wer", references, references, "--normalise", "none").out())
                .contains("  WER  0.00 %", "S 0, D 0, I 0 of 9 words", "  CER  0.00 %");
    }

    @Test
    void badInputIsTold() throws IOException {
        bad("hyp.txt: want as many utterances as one.txt has, 1; got 2", file("one.txt", "x"), hypotheses);
        bad(
                folder.resolve("none.txt") + ": no such file",
                folder.resolve("none.txt").toString(),
                hypotheses);
        bad("--normalise: want none, quick-start", references, hypotheses, "--normalise", "loud");
        bad("resamples: want 1 to 100000, got 0", references, hypotheses, "--resamples", "0");
        bad("the references hold no words", file("empty.txt", "\n\n"), hypotheses);
        assertThat(Run.of("wer", references).exit()).isEqualTo(2);
    }

    private static void bad(String message, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "wer";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Run run = Run.of(all);
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
    }
}
