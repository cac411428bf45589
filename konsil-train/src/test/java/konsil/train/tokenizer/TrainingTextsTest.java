package konsil.train.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TrainingTextsTest {
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\"},"
            + "{\"type\":\"text\",\"text\":\"What?\"}]},{\"role\":\"assistant\",\"content\":\"\u00c4 cyst.\"}]}\n"
            + "{\"text\":\"one\\ntwo\",\"id\":3}\n";

    @TempDir
    private Path folder;

    private List<String> read(String name, byte[] bytes) throws Exception {
        Path file = folder.resolve(name);
        Files.write(file, bytes);
        var texts = new ArrayList<String>();
        TrainingTexts.read(file, texts::add);
        return texts;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void linesOfTextAndOfJson() throws Exception {
        assertThat(read("a.txt", utf8("one\n\n two \u00e9"))).containsExactly("one", " two \u00e9");
        assertThat(read("a.JSONL", utf8(CHAT))).containsExactly("user", "What?", "model", "\u00c4 cyst.", "one\ntwo");
        assertThat(read("empty.jsonl", new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "{\"text\":7}",
                "{\"messages\":[7]}",
                "{\"messages\":[{\"role\":\"user\"}]}",
                "{\"text\":Meier}",
                "{\"text\":\"a\"} {}",
                "{\"messages\":[{\"content\":\"a\"}]}"
            })
    void badLinesAreNamed(String line) {
        assertThatThrownBy(() -> read("a.jsonl", utf8("{\"text\":\"ok\"}\n" + line)))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("a.jsonl")
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("Meier");
    }

    @Test
    void missingFilesAndOtherEncodingsAreRefused() {
        assertThatThrownBy(() -> TrainingTexts.read(folder.resolve("none"), _ -> {}))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> read("a.txt", new byte[] {'a', '\n', (byte) 0xe4, 'b'}))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("line 2: is not UTF-8");
    }

    /** Cut at every length, and with changed bytes: texts, or one clear refusal. */
    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        byte[] good = utf8(CHAT);
        var random = new SplittableRandom(9);
        int refused = 0;
        for (int i = 0; i < good.length * 3; i++) {
            byte[] bytes = i < good.length ? Arrays.copyOf(good, i) : good.clone();
            if (i >= good.length) bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                var words = new Words(Words.Cutting.SPACES);
                read("a.jsonl", bytes).forEach(words::add);
                assertThat(words.counts().size()).isLessThan(50);
            } catch (BadFileException wrong) {
                assertThat(wrong).hasMessageContaining("a.jsonl: line ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void wordsAreCutWhereTheTokenizerCuts() {
        var spaces = TestTexts.words(Words.Cutting.SPACES, List.of("a  b c\n d", "a"));
        assertThat(spaces.counts().toString()).isEqualTo("{a=2, \u2581c=1, \u2581d=1, \u2581\u2581b=1}");
        var words = TestTexts.words(Words.Cutting.WHITE_SPACE, List.of("a  b\tc\n a\u00a0x"));
        assertThat(words.counts().toString()).isEqualTo("{\u2581a=2, \u2581b=1, \u2581c=1, \u2581x=1}");
    }

    @Test
    void longWordsAndLoneSurrogatesAreCounted() {
        var words = TestTexts.words(Words.Cutting.SPACES, List.of("\uD83E\uDEC0".repeat(400) + "\uD83E"));
        assertThat(words.counts().keySet()).allMatch(word -> word.length() <= 256);
        assertThat(String.join("", words.counts().keySet())).contains("\ufffd").doesNotMatch(".*\\p{Cs}.*");
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> TrainingSettings.of(7)).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> TrainingSettings.of(1 << 19)).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> new TrainingSettings(300, 1, 1, List.of())).isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> new TrainingSettings(300, 16, Double.NaN, List.of()))
                .isInstanceOf(BadInputException.class);
        for (String word : List.of("", "a b", "\u2581a", "\uD83E", "a".repeat(64))) {
            assertThatThrownBy(() -> new TrainingSettings(300, 16, 1, List.of(word)))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("keep");
        }
    }
}
