package konsil.clinic.dictation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every text: nothing is lost, the past stays, formatted text is left alone. */
final class DictationPropertiesTest {
    private static final DictationFormatter FORMATTER = new DictationFormatter(DictationSettings.ALL);
    private static final List<String> PIECES = List.of(
            "the",
            "heart",
            "of",
            "no",
            "one",
            "five",
            "twenty",
            "six",
            "point",
            "mm",
            "millimeters",
            "to",
            "by",
            "L",
            "T",
            "N",
            "zero",
            "C",
            "January",
            "third",
            "2026",
            "over",
            "120",
            "80",
            "and",
            "a",
            "half",
            "stage",
            "hundred",
            "thousand",
            "year",
            "old",
            "female,",
            "(seen)",
            "54-year-old",
            "{comma}",
            "{colon}",
            "{hyphen}",
            "{open paren}",
            "{close paren}",
            "[FINDINGS]",
            "{insert macro}",
            "[2 of 3]",
            "scratch",
            "x",
            "minus",
            "per");
    private static final List<String> ENDS = List.of("{period}", "{new paragraph}", "{next line}", "{question mark}");
    private static final List<String> DAMAGED = List.of(
            "{next} line}",
            "{next line",
            "xt line}",
            "{next} para}graph}",
            "{{comma}}",
            "{period",
            "}",
            "{",
            "]",
            "[",
            "[FINDINGS",
            "IMPRESSION]",
            "</s>",
            "{scratch that}",
            "scratch that",
            "\n",
            "{}",
            "[]",
            "</s",
            "\u00e9");

    private final Random random = new Random(20260105);

    private String text(int length, boolean damaged) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int kind = random.nextInt(10);
            List<String> from = kind < 7 || (kind > 7 && !damaged) ? PIECES : kind == 7 ? ENDS : DAMAGED;
            text.append(from.get(random.nextInt(from.size())));
            if (!damaged || random.nextInt(4) > 0) text.append(' ');
        }
        return text.toString();
    }

    @Test
    void everyRawCharacterLiesInOneSpan() {
        for (int n = 0; n < 1000; n++) checkSpans(FORMATTER.format(text(random.nextInt(30), true)));
    }

    static void checkSpans(Formatted formatted) {
        int rawAt = 0;
        int at = 0;
        for (Span span : formatted.spans()) {
            assertThat(formatted.raw().substring(rawAt, span.rawStart())).isBlank();
            assertThat(span.rawEnd()).isGreaterThan(span.rawStart());
            assertThat(formatted.text().substring(at, span.start())).isBlank();
            String raw = formatted.raw().substring(span.rawStart(), span.rawEnd());
            String text = formatted.text().substring(span.start(), span.end());
            switch (span.kind()) {
                case KEPT ->
                    assertThat(text)
                            .satisfiesAnyOf(same -> assertThat(same).isEqualToIgnoringCase(raw), none -> assertThat(raw)
                                    .matches("[.,;:?!]"));
                case UNKNOWN -> assertThat(text).isEqualTo(raw);
                case SCRATCHED, DROPPED -> assertThat(text).isEmpty();
                case REWRITTEN, HEADING -> assertThat(text).isNotBlank();
                case COMMAND -> assertThat(text.length()).isLessThan(2);
            }
            rawAt = span.rawEnd();
            at = span.end();
        }
        assertThat(formatted.raw().substring(rawAt)).isBlank();
        assertThat(formatted.text()).hasSize(at);
    }

    @Test
    void plainWordsSurviveInOrder() {
        List<String> words = List.of("lung", "nodule", "one", "no", "right", "the", "five", "of", "three");
        for (int n = 0; n < 500; n++) {
            List<String> said = new ArrayList<>();
            var raw = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                String word = words.get(random.nextInt(words.size()));
                said.add(word);
                raw.append(word).append(' ');
                if (random.nextInt(4) == 0)
                    raw.append(ENDS.get(random.nextInt(ENDS.size()))).append(' ');
            }
            String[] kept = FORMATTER
                    .format(raw.toString())
                    .text()
                    .toLowerCase(Locale.ROOT)
                    .split("[^a-z]+");
            assertThat(kept).containsExactlyElementsOf(said);
        }
    }

    @Test
    void whatFollowsASentenceLeavesItAlone() {
        for (int n = 0; n < 800; n++) {
            String first = text(random.nextInt(15), false) + ENDS.get(random.nextInt(ENDS.size())) + " ";
            String whole = first + text(random.nextInt(15), false);
            assertThat(FORMATTER.format(whole).text())
                    .as(whole)
                    .startsWith(FORMATTER.format(first).text());
        }
    }

    @Test
    void formattingTwiceChangesNothing() {
        for (int n = 0; n < 800; n++) {
            String raw = text(random.nextInt(12), false).replace("{hyphen}", "");
            String once = FORMATTER.format(raw).text();
            assertThat(FORMATTER.format(once).text()).as(raw).isEqualTo(once);
        }
    }

    @Test
    void textsCutAnywhereAreFormatted() {
        String raw = "[EXAM TYPE] CT {next} para}graph} five point three mm {colon} L four five </s> {scratch that}";
        for (int end = 0; end <= raw.length(); end++) {
            checkSpans(FORMATTER.format(raw.substring(0, end)));
            checkSpans(FORMATTER.format(raw.substring(end)));
        }
    }

    @Test
    void randomCharactersAreFormatted() {
        String alphabet = "{}[]<>/s .,:\n\"'()-aTL51\u00c4\ud83e\udec0";
        for (int n = 0; n < 1000; n++) {
            var raw = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) raw.append(alphabet.charAt(random.nextInt(alphabet.length())));
            checkSpans(FORMATTER.format(raw.toString()));
        }
    }
}
