package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.medgemma.inputs.ImagePrompts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code konsil ask} about studies that are made here, on a small golden model. */
final class AskStudyTest {
    private static final String MODEL =
            Path.of("..", "golden", "gemma3-a").toAbsolutePath().normalize().toString();

    @TempDir
    private Path folder;

    private static Run ask(String... more) {
        var words =
                new ArrayList<>(List.of("ask", "--model", MODEL, "--quant", "exact", "--max-tokens", "2", "--json"));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    private String series(String modality, String uid, int count) throws IOException {
        Path into = Files.createDirectories(folder.resolve(modality + uid));
        for (int i = 1; i <= count; i++) {
            Files.write(into.resolve("s" + i), DicomBytes.slice(modality, uid, i));
        }
        return into.toString();
    }

    private String radiograph(String name) throws IOException {
        return Files.write(folder.resolve(name), DicomBytes.radiograph("MONOCHROME2"))
                .toString();
    }

    @Test
    void ctIsToldAsPublished() throws IOException {
        var run = ask("--study", series("CT", "1.2.3", 5), "--max-slices", "2", "--window", "-160..240", "Liver?");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(ImagePrompts.CT_INSTRUCTION + "<start_of_image>SLICE 1<start_of_image>SLICE 2Liver?<end")
                .contains("\"series\" : \"1.2.3\"", "\"place\" : \"slice 3 of 5\"", "\"place\" : \"slice 5 of 5\"")
                .contains("\"prepared\" : \"red, green, blue -160..240, -160..240, -160..240 HU\"")
                .contains("\"shown\" : \"padded, 1 views\"")
                .doesNotContain("DOE", "slice 4 of 5");
        assertThat(run.err()).contains("tokens: 2 pictures").doesNotContain("DOE");
    }

    @Test
    void theBudgetIsWhatTheModelReads() throws IOException {
        var run = ask("--study", series("MR", "1.2.4", 3), "Describe.");
        var told = java.util.regex.Pattern.compile("are (\\d+) tokens").matcher(run.err());
        assertThat(told.find()).as(run.err()).isTrue();
        assertThat(run.out()).contains("\"prompt_tokens\" : " + told.group(1) + ",");
    }

    @Test
    void tooLargeSaysWhatFits() throws IOException {
        var run = ask("--context", "150", "--study", series("MR", "1.2.4", 9), "Describe.");
        assertThat(run.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(run.out()).isEmpty();
        var told = java.util.regex.Pattern.compile("(\\d+) pictures would fit").matcher(run.err());
        assertThat(told.find()).as(run.err()).isTrue();
        int fits = Integer.parseInt(told.group(1));
        assertThat(fits).isBetween(1, 8);
        var smaller = ask(
                "--context",
                "150",
                "--study",
                folder.resolve("MR1.2.4").toString(),
                "--max-slices",
                "" + fits,
                "Describe.");
        assertThat(smaller.exit()).as(smaller.err()).isZero();
    }

    @Test
    void sequencesAreStackedEachWithItsName() throws IOException {
        String one = series("MR", "1.2.4", 2);
        String two = series("MR", "1.2.5", 2);
        var run = ask("--study", one, "--study", two, "Describe.");
        assertThat(run.out())
                .containsSubsequence("\"series\" : \"1.2.4\"", "volume 1, slice 2 of 2", "\"series\" : \"1.2.5\"")
                .contains("user\\n<start_of_image>SLICE 1<", "SLICE 4Describe.");
        assertThat(ask("--study", one, "--study", series("CT", "1.2.3", 2), "x").err())
                .contains("want CT or MR, got volumes of both");
    }

    @Test
    void twoRadiographsAreComparedInThePublishedWay() throws IOException {
        var run = ask("--prior", radiograph("a"), "--current", radiograph("b"));
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("user\\n<start_of_image><start_of_image>" + ImagePrompts.COMPARISON + "<end");
        assertThat(ask("--prior", radiograph("a")).err()).contains("--prior and --current want each other");
    }

    @Test
    void placesAreAskedForAndReadFromTheAnswer() throws IOException {
        Path boxes = folder.resolve("boxes.png");
        var run = ask("--study", radiograph("a"), "--locate", "right clavicle", "--boxes", boxes.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "user\\n<start_of_image>Instructions:\\nThe following user query",
                        "Where is the right clavicle?")
                // The model of this test knows no boxes.
                .contains("\"boxes_problem\" : \"the answer holds no box\"");
        assertThat(boxes).doesNotExist();
    }

    @Test
    void optionsThatContradictAreRefused() throws IOException {
        String file = radiograph("a");
        assertThat(ask("--study", file).err()).contains("want a question about the study");
        assertThat(ask("--study", file, "--text", "a", "x").err()).contains("--text does not go together");
        assertThat(ask("--study", file, "--locate", "heart", "x").err()).contains("no other question");
        assertThat(ask("--locate", "heart").err()).contains("want one --study");
        assertThat(ask("--boxes", "x.png", "x").err()).contains("want --study");
        assertThat(ask("--study", series("CT", "1.2.3", 2), "--window", "9..1", "x")
                        .err())
                .contains("window: want a low end below the high end");
    }

    /** One page of 200 x 100 points with a black square; the shortest PDF that PDFBox reads without repair warnings. */
    private static String pdf() {
        String page = "0 0 50 50 re f";
        return "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                + "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>endobj\n"
                + "4 0 obj<</Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
                        .formatted(page.length(), page);
    }

    @Test
    void documentsAreShownPageByPage() throws IOException {
        Path file = Files.writeString(folder.resolve("report.pdf"), pdf());
        var run = ask("--document", file.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("user\\n<start_of_image>" + ImagePrompts.LAB_REPORT, "\"place\" : \"page 1 of 1\"");
        Path photo = Path.of(MODEL, "images", "gray_64x64.png");
        assertThat(ask("--document", photo.toString(), "What is it?").out())
                .contains("user\\n<start_of_image>What is it?<end", "gray_64x64.png");
        Path cut = Files.writeString(folder.resolve("cut.pdf"), pdf().substring(0, 60));
        assertThat(ask("--document", cut.toString()).err()).contains("cut.pdf: is no PDF document, or damaged");
        assertThat(ask("--document", cut.toString(), "--locate", "x").err()).contains("does not go together");
    }
}
