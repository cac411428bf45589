package konsil.eval.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.JsonSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CasesFileTest {
    static final Path NAME = Path.of("cases.json");
    private static final String GOOD =
            "[{\"name\":\"a\",\"prompt\":\"x\",\"input_ids\":[2,3],\"images\":[\"i.png\"],\"greedy\":[4]},"
                    + "{\"name\":\"b\",\"input_ids\":[2]}]";

    static List<GoldenCase> read(byte[] bytes) {
        try (var source = JsonSource.of(ByteBuffer.wrap(bytes), NAME, CasesFile.LIMITS)) {
            var root = source.value();
            source.end();
            return CasesFile.cases(root, NAME);
        }
    }

    private static List<GoldenCase> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsLeftOutIsEmpty() {
        var cases = read(GOOD);
        assertThat(cases).extracting(GoldenCase::name).containsExactly("a", "b");
        assertThat(cases.getFirst().images()).containsExactly("i.png");
        assertThat(cases.getLast().prompt()).isEmpty();
        assertThat(cases.getLast().greedy()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | want a list of cases, got an object",
                "[] | holds no case",
                "[3] | want a JSON object, got a whole number",
                "[{\"name\":\"../x\",\"input_ids\":[1]}] | name: want a plain file name of at most 200 characters",
                "[{\"name\":\"..\",\"input_ids\":[1]}] | name: want a plain file name of at most 200 characters",
                "[{\"name\":\"a\",\"input_ids\":[]}] | input_ids: want at least one",
                "[{\"name\":\"a\",\"input_ids\":[-1]}] | input_ids: want token ids",
                "[{\"name\":\"a\",\"input_ids\":[1.5]}] | input_ids: want token ids",
                "[{\"name\":\"a\",\"input_ids\":[1],\"images\":[1]}] | images: want names, got a whole number",
                "[{\"name\":\"a\",\"input_ids\":[1],\"images\":[\"/etc/x\"]}]"
                        + " | images: want a plain file name of at most 200 characters",
                "[{\"name\":\"a\",\"input_ids\":[1]},{\"name\":\"a\",\"input_ids\":[1]}]"
                        + " | name: two cases have the same",
            })
    void badFilesAreTold(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(BadFileException.class)
                .hasMessage("cases.json: " + message);
    }

    @Test
    void damageIsRefusedAndNothingElse() {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(BadFileException.class);
        }
        var random = new SplittableRandom(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = good.clone();
            changed[random.nextInt(good.length)] = (byte) random.nextInt(256);
            readsOrRefuses(changed);
        }
    }

    static void readsOrRefuses(byte[] bytes) {
        try {
            assertThat(read(bytes)).isNotEmpty();
        } catch (BadFileException refused) {
            assertThat(refused).hasMessageStartingWith("cases.json: ");
        }
    }
}
