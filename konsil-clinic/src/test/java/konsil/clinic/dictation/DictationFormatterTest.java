package konsil.clinic.dictation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DictationFormatterTest {
    private static final DictationFormatter FORMATTER = new DictationFormatter(DictationSettings.ALL);

    static String format(String raw) {
        return FORMATTER.format(raw).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "no effusion {period} the heart is normal {period}</s> | No effusion. The heart is normal.",
                "lungs {colon} clear {comma} no mass{period} | Lungs: clear, no mass.",
                "one {new paragraph} two {next line} three | One\\n\\nTwo\\nThree",
                "one {new paragraph} {next line} {new paragraph} two | One\\n\\nTwo",
                "clear {period} {period} x | Clear. X",
                "clear. {period} x | Clear. X",
                "seen {open paren} series 3 {close paren} {period} | Seen (series 3).",
                "he said {open quote} better {close quote} {period} | He said \"better\".",
                "follow {hyphen} up and {slash} or x {dash} y | Follow-up and/or x - y",
                "better {question mark} yes {exclamation mark} | Better? Yes!",
                "seen {insert macro} here {period} | Seen {insert macro} here.",
                "{insert macro} {period} | {insert macro}.",
                "seen by Dr. smith, approx. five | Seen by Dr. smith, approx. five",
                "pT3 {period} mRNA {period} eGFR | pT3. mRNA. eGFR",
            })
    void commands(String raw, String text) {
        assertThat(format(raw)).isEqualTo(text.replace("\\n", "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a {next} line} b | A\\nB",
                "a {next line b | A\\nB",
                "a next line} b | A\\nB",
                "a xt line} b | A\\nB",
                "a {next} para}graph} b | A\\n\\nB",
                "a {period b | A. B",
                "a period} b | A. B",
                "a { period } b | A. B",
                "a {{comma}} b | A, b",
                "a {comma}} b | A, b",
                "a {Comma} b | A, b",
                "a {peri od} b | A. B",
                "a {new} paragraph} b | A\\n\\nB",
                "a {next} line b | A\\nB",
                "a {period{comma} b | A., B",
                "a {foo b | A {foo b",
                "a foo} b | A foo} b",
                "a } b | A } b",
                "a line} b | A\\nB",
                "[FINDINGS clear | FINDINGS:\\nClear",
                "FINDINGS] {colon} clear | FINDINGS:\\nClear",
                "EXAM TYPE] CT | EXAM TYPE:\\nCT",
                "[EXAM TYPE CT chest | EXAM TYPE:\\nCT chest",
            })
    void repairs(String raw, String text) {
        assertThat(format(raw)).isEqualTo(text.replace("\\n", "\n"));
    }

    @Test
    void withoutRepairsDamageStays() {
        var formatter = new DictationFormatter(DictationSettings.ALL.without(Rule.REPAIRS));
        assertThat(formatter.format("a {next} line} b {period}").text()).isEqualTo("A {next} line} b.");
    }

    @Test
    void headingsStandOnLinesOfTheirOwn() {
        assertThat(format("[EXAM TYPE] CT chest PE protocol {period} [INDICATION] 54-year-old female {period}"
                        + " {new paragraph} [IMPRESSION] {colon} acute PE {period}</s>"))
                .isEqualTo("EXAM TYPE:\nCT chest PE protocol.\n\nINDICATION:\n54-year-old female.\n\n"
                        + "IMPRESSION:\nAcute PE.");
        assertThat(format("seen on [redacted] and [2 of 3] 5A4]-year-old"))
                .isEqualTo("Seen on [redacted] and [2 of 3] 5A4]-year-old");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clear {period} mass on the left {scratch that} no mass {period} | Clear. No mass.",
                "clear {period} mass {period} scratch that no mass {period} | Clear. No mass.",
                "clear {period} mass scratch that period {period} | Clear. Period.",
                "mass scratch that {period} clear | Clear",
                "one {new paragraph} {scratch that} two | One two",
                "one {period} two {period} {scratch that} {scratch that} three | Three",
                "[FINDINGS] mass {scratch that} clear | FINDINGS:\\nClear",
                "[FINDINGS] {scratch that} clear | Clear",
                "there is a scratch that is healing | There is a scratch that is healing",
                "corneal scratch that heals | Corneal scratch that heals",
                "{scratch that} x | X",
                "delete that x | Delete that x",
            })
    void scratchThat(String raw, String text) {
        assertThat(format(raw)).isEqualTo(text.replace("\\n", "\n"));
    }

    @Test
    void everyRuleCanBeLeftOut() {
        var none = new DictationFormatter(DictationSettings.ALL.without(Rule.values()));
        String raw = "[X] five mm L four {period} scratch that 120 over 80 January third stage three";
        assertThat(none.format(raw).text()).isEqualTo(raw);
    }

    @Test
    void otherLanguagesAreRefused() {
        assertThatThrownBy(() -> new DictationSettings(DictationSettings.ALL.rules(), Locale.GERMAN))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("want en, got de");
    }

    @Test
    void longTextsAreRefused() {
        assertThatThrownBy(() -> FORMATTER.format("x".repeat(DictationFormatter.LONGEST + 1)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("at most 4000000");
    }

    @Test
    void spansLeadBackToRawWords() {
        Formatted formatted = FORMATTER.format("Nodule {comma} five millimeters {period} stable</s>");
        assertThat(formatted.text()).isEqualTo("Nodule, 5 mm. Stable");
        assertThat(formatted.rawWords(0)).contains(new Formatted.Words(0, 0));
        assertThat(formatted.rawWords(6)).contains(new Formatted.Words(1, 1));
        assertThat(formatted.at(7)).isEmpty();
        assertThat(formatted.rawWords(8)).contains(new Formatted.Words(2, 3));
        assertThat(formatted.rawWords(11)).contains(new Formatted.Words(2, 3));
        assertThat(formatted.rawWords(14)).contains(new Formatted.Words(5, 5));
        assertThat(formatted.at(14).orElseThrow().kind()).isEqualTo(Span.Kind.KEPT);
        assertThat(formatted.spans().getLast().kind()).isEqualTo(Span.Kind.DROPPED);
    }
}
