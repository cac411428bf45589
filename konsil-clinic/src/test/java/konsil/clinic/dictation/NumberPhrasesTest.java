package konsil.clinic.dictation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NumberPhrasesTest {
    private static final DictationFormatter FORMATTER =
            new DictationFormatter(DictationSettings.ALL.without(Rule.CAPITALS));

    private static String format(String raw) {
        return FORMATTER.format(raw).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "five millimeters | 5 mm",
                "a five millimeter nodule | a 5 mm nodule",
                "two point three centimeters, stable | 2.3 cm, stable",
                "2 point 3 cm | 2.3 cm",
                "point five milligrams | 0.5 mg",
                "two and a half centimeters | 2.5 cm",
                "3 to 4 mm | 3 to 4 mm",
                "three to four millimeters | 3 to 4 mm",
                "between three and four millimeters | between 3 and 4 mm",
                "2 by 3 by 4 cm | 2 x 3 x 4 cm",
                "two point one by three by four point oh five centimetres | 2.1 x 3 x 4.05 cm",
                "two centimeters by three centimeters | 2 cm x 3 cm",
                "one hundred and twenty five milligrams per deciliter | 125 mg/dL",
                "seventy two beats per minute | 72 bpm",
                "minus forty Hounsfield units | -40 HU",
                "thirty seven point five degrees Celsius | 37.5 °C",
                "thirty degrees | 30°",
                "fifty percent | 50%",
                "forty to fifty per cent | 40 to 50%",
                "five o'clock | 5 o'clock",
            })
    void quantities(String raw, String text) {
        check(raw, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "fifty-four-year-old | fifty-four-year-old",
                "fifty four year old female | 54-year-old female",
                "fifty-four year-old | 54-year-old",
                "two thousand and six mL | 2006 mL",
                "three weeks ago | 3 weeks ago",
                "twenty three nodules | 23 nodules",
                "two hundred | 200",
                "ratio two point three | ratio 2.3",
                "the twenty first | the 21st",
                "one twenty over eighty | 120/80",
                "120 over 80 | 120/80",
                "one hundred twenty over eighty | 120/80",
                "January third twenty twenty six | January 3, 2026",
                "March 5th, 2024 | March 5, 2024",
                "march fifth twenty twenty four | March 5, 2024",
                "january twenty twenty six | January 2026",
                "January twenty six twenty twenty four | January 26, 2024",
                "July twenty first {comma} nineteen eighty four | July 21, 1984",
                "may second two thousand six | May 2, 2006",
                "december 24 | December 24",
            })
    void numbersAndDates(String raw, String text) {
        check(raw, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "L four five | L4-L5",
                "L 4 5 disc | L4-L5 disc",
                "L five S one | L5-S1",
                "L4 5 | L4-L5",
                "T twelve L one | T12-L1",
                "C seven | C7",
                "L four to L five | L4 to L5",
                "at L four five millimeters | at L4 5 mm",
                "T two weighted | T2 weighted",
                "T two N zero M zero | T2 N0 M0",
                "p T 3 a | pT3a",
                "p T three a N one b M x | pT3a N1b MX",
                "t one c n zero | T1c N0",
                "T is N 0 | Tis N0",
                "stage three B | stage IIIB",
                "Stage four disease | Stage IV disease",
                "BI-RADS four | BI-RADS 4",
                "grade two | grade 2",
                "type two diabetes | type 2 diabetes",
                "Gleason score three plus four equals seven | Gleason score 3+4=7",
            })
    void levelsAndStages(String raw, String text) {
        check(raw, text);
    }

    private static void check(String raw, String text) {
        assertThat(format(raw)).isEqualTo(text);
        assertThat(format(text)).as("formatted twice").isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one of the nodules",
                "the other one",
                "no one",
                "one day he fell",
                "two nodules",
                "five or ten",
                "five to ten nodules",
                "twenty twenty",
                "five over five",
                "it may first be seen",
                "they march two by two",
                "vitamin C one tablet",
                "hepatitis C two tablets",
                "stage one of three",
                "grade two to three",
                "C nine",
                "three five millimeters",
                "point of care",
                "at this point two options",
                "a hundred",
                "second look",
                "first and second rib",
                "IV contrast",
                "x 3",
                "two hundred point",
            })
    void doubtfulOnesStay(String raw) {
        assertThat(format(raw)).isEqualTo(raw);
    }
}
