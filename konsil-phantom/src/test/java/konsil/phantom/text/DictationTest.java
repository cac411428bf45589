package konsil.phantom.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import konsil.tensor.file.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DictationTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[EXAM TYPE] CT chest {period} | exam type C T chest period",
                "54-year-old female {comma} with cough | fifty four year old female comma with cough",
                "{new paragraph} [FINDINGS] {colon} Chest X-ray | new paragraph findings colon Chest X ray",
                "70-year-old | seventy year old",
            })
    void marksAreSaidAsWords(String text, String spoken) {
        assertThat(SpokenForm.of(text)).isEqualTo(spoken);
    }

    @ParameterizedTest
    @CsvSource({"0,zero", "13,thirteen", "20,twenty", "41,forty one", "99,ninety nine"})
    void numbersInWords(int number, String words) {
        assertThat(NumberWords.of(number)).isEqualTo(words);
    }

    @Test
    void textsAreOfAClosedVocabularyAndSayWhatTheirLabelsSay() {
        var words = new HashSet<String>();
        var findings = new HashSet<Json>();
        for (int i = 0; i < 1500; i++) {
            var chance = new Chance(3, "test", i);
            var dictation = i % 2 == 0 ? Dictation.report(chance) : Dictation.sentences(chance);
            String spoken = dictation.spoken();
            assertThat(spoken).matches("[A-Za-z ]+").doesNotContain("  ");
            assertThat(dictation.text()).endsWith("{period}").doesNotContain("  ");
            words.addAll(Arrays.asList(spoken.split(" ", -1)));
            var labels = ((Json.Obj) dictation.labels()).fields();
            findings.add(labels.get("finding"));
            String small = spoken.toLowerCase(Locale.ROOT);
            if (labels.get("side") instanceof Json.Text(var side))
                assertThat(small).contains(side);
            if (labels.get("place") instanceof Json.Text(var place))
                assertThat(small).contains(place);
            if (labels.get("change") instanceof Json.Text(var change))
                assertThat(small).contains(change);
            if (labels.get("size_mm") instanceof Json.Whole(long size)) {
                assertThat(small).contains(NumberWords.of((int) size) + " millimeter");
            }
        }
        assertThat(words).hasSizeBetween(120, 260);
        assertThat(findings).hasSize(8);
    }

    @Test
    void questionsAskForOneThing() {
        for (int i = 0; i < 40; i++) {
            var question = Dictation.question(new Chance(1, "test", i));
            assertThat(question.text()).startsWith("Is there ").endsWith(" {question mark}");
            assertThat(question.spoken()).endsWith(" question mark");
        }
    }

    @Test
    void sameSeedSameBytes() throws Exception {
        DictationTexts.write(folder.resolve("a"), 20, 7);
        DictationTexts.write(folder.resolve("b"), 20, 7);
        String once = Files.readString(folder.resolve("a").resolve(CaseLines.NAME));
        assertThat(Files.readString(folder.resolve("b").resolve(CaseLines.NAME)))
                .isEqualTo(once);
        assertThat(once.lines().distinct()).hasSize(20);
    }
}
