package konsil.eval.wer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The rates that MedASR's quick-start notebook names for its one sample. The notebook is not part of the project: the
 * test is skipped where it is missing.
 */
final class OfficialSampleTest {
    private static final Path NOTEBOOK =
            Path.of("/work/shared/data/medgemma_official/medasr/quick_start_with_hugging_face.ipynb");
    private static final Pattern SAMPLE = Pattern.compile("sample_transcript = \\\\\"(.*?)\\\\\"");

    private static String reference() throws IOException {
        assumeTrue(Files.exists(NOTEBOOK), "skipped: " + NOTEBOOK + " is not on this machine");
        var found = SAMPLE.matcher(Files.readString(NOTEBOOK));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private static void check(String hypothesis, Counts counts, String rate) throws IOException {
        var errors = WordErrors.of(List.of(new Utterance("1", reference(), hypothesis)), Normaliser.QUICK_START);
        assertThat(errors.total()).isEqualTo(counts);
        assertThat(String.format(
                        Locale.ROOT, "%.2f", 100 * errors.total().rate().orElseThrow()))
                .isEqualTo(rate);
    }

    /** As MedASR writes: marks as commands in braces, the end of the utterance behind them. */
    private static String written(String reference) {
        return reference.replaceAll("\\b(period|comma|colon)\\b[.,]?", "{$1}") + "</s>";
    }

    @Test
    void wholeClipHasNoErrors() throws IOException {
        check(written(reference()), new Counts(82, 0, 0, 0), "0.00");
    }

    @Test
    void chunkedClipHasOneInsertionAndOneSubstitution() throws IOException {
        String heard = written(reference()).replace("54 year old", "A 5A4]-year-old");
        check(heard, new Counts(81, 1, 0, 1), "2.44");
    }

    @Test
    void chunkedClipWithLanguageModelHasOneInsertion() throws IOException {
        check(written(reference()).replace("54 year old", "A 54-year-old"), new Counts(82, 0, 0, 1), "1.22");
    }
}
