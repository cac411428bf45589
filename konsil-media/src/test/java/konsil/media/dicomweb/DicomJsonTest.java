package konsil.media.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results of searches. */
class DicomJsonTest {
    private static final String GOOD = """
            [{"0020000E": {"vr": "UI", "Value": ["1.2", "1.3"]}, "00201209": {"vr": "IS", "Value": [null, 7]},
              "00100010": {"vr": "PN", "Value": [{"Alphabetic": "DOE^JANE"}]}, "00080060": {"vr": "CS"}},
             {"0020000E": {"Value": [{"Alphabetic": "1.4"}, " 1.5 "], "vr": "UI"}}, {}]
            """;

    static List<Map<String, String>> read(String text) {
        return DicomJson.read(
                "x", text.getBytes(StandardCharsets.UTF_8), Set.of("0020000E", "00201209", "00080060", "00100010"));
    }

    @Test
    void keepsFirstValuesOfWantedElements() {
        assertThat(read(GOOD))
                .containsExactly(Map.of("0020000E", "1.2", "00201209", "7"), Map.of("0020000E", "1.5"), Map.of());
        assertThat(read("[]")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[1]",
                "[[]]",
                "[{\"0020000E\": 1}]",
                "[{\"0020000E\": {\"Value\": 1}}]",
                "[] []",
                "<html>DOE</html>",
                "[{\"0020000E\": {\"Value\": [\"1.2\"",
                "[{\"a\": [1, 2"
            })
    void refusesWhatIsSomethingElse(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("x: the answer is no DICOM JSON; is this a DICOMweb address?");
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(BadMediaException.class);
        assertThatThrownBy(() -> read("[{\"a\":" + "[".repeat(100_000))).isInstanceOf(BadMediaException.class);
        String longest = "[{\"0020000E\": {\"Value\": [\"" + "1".repeat(1000) + "\"]}}]";
        assertThatThrownBy(() -> read(longest)).isInstanceOf(BadMediaException.class);
    }

    @Test
    void everyTruncationAndChangeIsAnAnswer() {
        String text = GOOD.strip();
        for (int length = 0; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThatThrownBy(() -> read(cut)).as("length %d", length).isInstanceOf(BadMediaException.class);
        }
        var random = new Random(3);
        for (int i = 0; i < 3000; i++) {
            var changed = new StringBuilder(text);
            changed.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
            try {
                read(changed.toString());
            } catch (BadMediaException e) {
                assertThat(e).hasMessageStartingWith("x: ").hasMessageNotContaining("DOE");
            }
        }
    }
}
