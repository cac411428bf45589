package konsil.phantom.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import konsil.media.Canvas;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.PdfPages;
import konsil.phantom.text.LabCases.Form;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LabReportTest {
    @TempDir
    private Path folder;

    private static Map<String, Json> fields(Json value) {
        return ((Json.Obj) value).fields();
    }

    private static String text(Json value) {
        return ((Json.Text) value).value();
    }

    @Test
    void everythingInTheTruthIsPrinted() {
        for (int i = 0; i < 300; i++) {
            var chance = new Chance(4, "test", i);
            var report = i % 2 == 0 ? LabReport.made(chance) : LabReport.small(chance, 3);
            var lines = LabText.lines(report, chance);
            String all = String.join("\n", lines);
            for (Json test : ((Json.Arr) report.truth()).items()) {
                var fields = fields(test);
                assertThat(lines)
                        .anyMatch(line -> line.contains(text(fields.get("name")))
                                && line.contains(text(fields.get("result")))
                                && line.contains(text(fields.get("unit")))
                                && line.contains(text(fields.get("range"))));
                if (report.small()) {
                    assertThat(fields).containsOnlyKeys("name", "result", "unit", "range");
                } else {
                    assertThat(fields)
                            .containsOnlyKeys(
                                    "name",
                                    "result",
                                    "unit",
                                    "range",
                                    "panel",
                                    "method",
                                    "specimen",
                                    "sample_collection_time");
                    assertThat(all).containsIgnoringCase(text(fields.get("panel")));
                    assertThat(all).contains(text(fields.get("method")), text(fields.get("specimen")));
                    assertThat(all.replace('.', '-').replace('/', '-'))
                            .contains("Collected: "
                                    + text(fields.get("sample_collection_time")).substring(0, 16));
                }
            }
            assertThat(lines).allMatch(line -> line.length() <= 80);
        }
    }

    @Test
    void flagsSayOnWhichSideOfTheRangeAResultIs() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 100; i++) {
            for (var section : LabReport.made(new Chance(1, "test", i)).sections()) {
                for (var row : section.rows()) {
                    double value = Double.parseDouble(row.result());
                    boolean within =
                            value >= row.test().low() && value <= row.test().high();
                    assertThat(row.flag().isEmpty()).isEqualTo(within);
                    assertThat(row.flag().equals("H"))
                            .isEqualTo(value > row.test().high());
                    assertThat(value).isPositive();
                    seen.add(row.flag());
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrder("", "H", "L");
    }

    @Test
    void smallReportsShowOnlyWhatTheLettersCanDraw() {
        assertThat(LabPanel.PLAIN).hasSizeBetween(10, 25);
        assertThat(LabPanel.PLAIN).allMatch(test -> Canvas.textWidth(test.name(), 3) <= 189);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void sameSeedSameBytesOtherSeedOthers(Form form) throws Exception {
        LabCases.write(folder.resolve("a"), 2, 7, form);
        LabCases.write(folder.resolve("b"), 2, 7, form);
        LabCases.write(folder.resolve("c"), 2, 8, form);
        List<Path> files;
        try (var all = Files.list(folder.resolve("a"))) {
            files = all.map(Path::getFileName).sorted().toList();
        }
        int pictures = form == Form.TEXT || form == Form.SMALL_TEXT ? 0 : 2;
        assertThat(files).hasSize(1 + pictures + (form == Form.PDF ? 2 : 0));
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(folder.resolve("a").resolve(file));
            assertThat(Files.readAllBytes(folder.resolve("b").resolve(file))).isEqualTo(bytes);
            assertThat(Files.readAllBytes(folder.resolve("c").resolve(file))).isNotEqualTo(bytes);
        }
    }

    @Test
    void filesOpenAndPicturesShowWhatThePdfShows() throws Exception {
        LabCases.write(folder, 1, 3, Form.PDF);
        var settings = ImageSettings.careful();
        var page = ImageFile.read(folder.resolve("lab-000000.png"), settings);
        assertThat(PdfPages.read(folder.resolve("lab-000000.pdf"), 1024)).containsExactly(page);
        LabCases.write(folder, 1, 3, Form.SMALL_PICTURE);
        var small = ImageFile.read(folder.resolve("lab-000000.png"), settings);
        assertThat(small.width()).isEqualTo(LabPicture.SIDE);
        long dark = 0;
        for (byte sample : small.samples()) dark += (sample & 0xff) < 100 ? 1 : 0;
        assertThat((double) dark / small.samples().length).isBetween(0.03, 0.3);
    }

    @Test
    void answersAreTheTruthInTheChatLayout() throws Exception {
        LabCases.write(folder, 3, 5, Form.SMALL_PICTURE);
        String first = Files.readAllLines(folder.resolve(CaseLines.NAME)).getFirst();
        assertThat(first)
                .contains(
                        "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\","
                                + "\"image\":\"lab-000000.png\"}")
                .contains("Clinical Data Extraction Specialist")
                .contains("{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"[{\\\"name\\\":");
    }

    @Test
    void badCountsAndFoldersAreRefused() throws Exception {
        assertThatThrownBy(() -> LabCases.write(folder, 0, 1, Form.TEXT))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("count");
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> LabCases.write(file, 1, 1, Form.TEXT))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("want a folder");
    }
}
