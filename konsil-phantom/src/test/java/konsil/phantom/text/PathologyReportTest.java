package konsil.phantom.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import konsil.tensor.file.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathologyReportTest {
    @TempDir
    private Path folder;

    @Test
    void everythingInTheTruthIsInTheText() {
        var sites = new HashSet<String>();
        for (int i = 0; i < 400; i++) {
            var report = PathologyReport.made(new Chance(2, "test", i));
            String text = report.text().toLowerCase(Locale.ROOT);
            ((Json.Obj) report.truth()).fields().forEach((name, value) -> {
                switch (value) {
                    case Json.Text(var words)
                    when name.equals("margins") ->
                        assertThat(text)
                                .containsPattern(
                                        words.equals("negative")
                                                ? "free of tumor|margins negative|uninvolved"
                                                : "to the margin|margin positive|involved by");
                    case Json.Text(var words) -> assertThat(text).contains(words.toLowerCase(Locale.ROOT));
                    case Json.Whole(long number)
                    when name.equals("size_mm") ->
                        assertThat(text)
                                .containsAnyOf(
                                        " " + number + " mm", String.format(Locale.ROOT, " %.1f cm", number / 10.0));
                    case Json.Whole(long number)
                    when number == 0 -> assertThat(text).containsPattern("none with|: 0 of");
                    case Json.Whole(long number) -> assertThat(text).containsPattern("\\b" + number + "\\b");
                    default -> throw new AssertionError(name + ": " + value.kind());
                }
            });
            sites.add(report.text().substring(0, report.text().indexOf(',')));
        }
        assertThat(sites).contains("Left breast", "Right breast", "Prostate", "Lung", "Cecum", "Sigmoid colon");
    }

    @ParameterizedTest
    @CsvSource({"5,0,pT1a,pN0", "6,1,pT1b,pN1a", "20,3,pT1c,pN1a", "21,4,pT2,pN2a", "50,9,pT2,pN2a", "51,10,pT3,pN3a"})
    void breastStages(int size, int positive, String pT, String pN) {
        var receptors = new BreastCancer.Receptors(true, true, false);
        var tumour = new BreastCancer("mucinous carcinoma", 2, size, positive, 20, true, receptors);
        assertThat(tumour.pT()).isEqualTo(pT);
        assertThat(tumour.pN()).isEqualTo(pN);
    }

    @ParameterizedTest
    @CsvSource({"10,pT1a", "11,pT1b", "30,pT1c", "31,pT2a", "50,pT2b", "70,pT3", "71,pT4"})
    void lungStages(int size, String pT) {
        assertThat(new LungCancer("adenocarcinoma", 1, size, 0, 0, 9, true).pT())
                .isEqualTo(pT);
    }

    @ParameterizedTest
    @CsvSource({"3,3,1", "3,4,2", "4,3,3", "4,4,4", "3,5,4", "5,3,4", "4,5,5", "5,5,5"})
    void gradeGroups(int first, int second, int group) {
        assertThat(new ProstateCancer(first, second, "pT2", 0, 9, true).gradeGroup())
                .isEqualTo(group);
    }

    @ParameterizedTest
    @CsvSource({"0,pN0", "1,pN1a", "2,pN1b", "3,pN1b", "4,pN2a", "6,pN2a", "7,pN2b"})
    void colonNodes(int positive, String pN) {
        assertThat(new ColonCancer("low", 2, 30, positive, 20, true).pN()).isEqualTo(pN);
    }

    @Test
    void sameSeedSameBytes() throws Exception {
        PathologyCases.write(folder.resolve("a"), 20, 7);
        PathologyCases.write(folder.resolve("b"), 20, 7);
        PathologyCases.write(folder.resolve("c"), 20, 8);
        String once = Files.readString(folder.resolve("a").resolve(CaseLines.NAME));
        assertThat(Files.readString(folder.resolve("b").resolve(CaseLines.NAME)))
                .isEqualTo(once);
        assertThat(Files.readString(folder.resolve("c").resolve(CaseLines.NAME)))
                .isNotEqualTo(once);
        assertThat(once.lines().distinct()).hasSize(20);
    }
}
