package konsil.eval.wer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[EXAM TYPE] CT {period}</s> | exam type ct period | exam type ct period",
                "54-year-old's, e.g. | 54 year old's e g | 54yearolds eg",
                "a</S>b  c | ab c | ab c",
                "caf\u00e9 5\u00b0 | caf 5 | caf 5",
                "a\u00a0b | a b | a b",
                "... | `` | ``",
            })
    void officialNormalisers(String text, String quickStart, String fineTune) {
        assertThat(Normaliser.QUICK_START.apply(text)).isEqualTo(quickStart);
        assertThat(Normaliser.FINE_TUNE.apply(text)).isEqualTo(fineTune);
    }

    @Test
    void withoutNormaliserOnlySpacesChange() {
        assertThat(Normaliser.NONE.apply("  A,\t b</s> \n")).isEqualTo("A, b</s>");
    }

    private static WordErrors of(String... texts) {
        List<Utterance> utterances = new ArrayList<>();
        for (int i = 0; i < texts.length; i += 2) {
            utterances.add(new Utterance(Integer.toString(i), texts[i], texts[i + 1]));
        }
        return WordErrors.of(utterances, Normaliser.QUICK_START);
    }

    @Test
    void countsArePooled() {
        WordErrors errors = of("a b c d", "a x c", "e", "e f f");
        assertThat(errors.total()).isEqualTo(new Counts(3, 1, 1, 2));
        assertThat(errors.total().rate().orElseThrow()).isEqualTo(4 / 5.0);
        assertThat(of("abc", "abd").characterRate()).contains(1 / 3.0);
        assertThat(of("a b", "ab").characterRate()).contains(1 / 3.0);
    }

    @Test
    void sameTextsHaveNoErrors() {
        WordErrors errors = of("the heart is normal", "The HEART is normal.");
        assertThat(errors.total().errors()).isZero();
        assertThat(errors.characterRate()).contains(0.0);
    }

    @Test
    void emptyReferencesHaveNoRate() {
        assertThatThrownBy(() -> of("...", "word"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("no words");
        WordErrors errors = of("", "word", "a", "a");
        assertThat(errors.total().rate()).hasValue(1.0);
        assertThat(errors.utterances().getFirst().words().counts().rate()).isEmpty();
    }

    @Test
    void rowsStandUnderEachOther() {
        Alignment alignment = of("the heart is normal today", "the hart is very normal")
                .utterances()
                .getFirst()
                .words();
        assertThat(alignment.rows(80))
                .containsExactly(
                        "REF  the heart is ***  normal today",
                        "HYP  the hart  is very normal ***",
                        "         S        I           D");
        assertThat(alignment.rows(12)).hasSize(18);
    }

    @Test
    void intervalIsReproducibleAndHoldsTheRate() {
        var random = new Random(3);
        List<Counts> utterances = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int errors = random.nextInt(5);
            utterances.add(new Counts(20 - errors, errors, 0, 0)); // mean 2 of 20, standard deviation sqrt(2)
        }
        Interval interval = Interval.bootstrap(utterances, 2000, 1).orElseThrow();
        assertThat(Interval.bootstrap(utterances, 2000, 1)).contains(interval);
        assertThat(Interval.bootstrap(utterances, 2000, 2)).isPresent().get().isNotEqualTo(interval);
        double rate =
                utterances.stream().reduce(Counts.ZERO, Counts::plus).rate().orElseThrow();
        double half = 1.96 * Math.sqrt(2) / 20 / Math.sqrt(400);
        assertThat(interval.low()).isCloseTo(rate - half, within(0.15 * half));
        assertThat(interval.high()).isCloseTo(rate + half, within(0.15 * half));
    }

    @Test
    void intervalNeedsTwoUtterances() {
        Counts one = new Counts(1, 0, 0, 0);
        assertThat(Interval.bootstrap(List.of(one), 10, 1)).isEmpty();
        assertThat(Interval.bootstrap(List.of(one, one), 10, 1)).contains(new Interval(0, 0));
        assertThat(Interval.bootstrap(List.of(Counts.ZERO, Counts.ZERO), 10, 1)).isEmpty();
        assertThatThrownBy(() -> Interval.bootstrap(List.of(one, one), 0, 1))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("1 to 100000");
    }
}
