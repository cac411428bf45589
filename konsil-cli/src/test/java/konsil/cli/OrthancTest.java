package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --dicomweb} against a real archive; skipped where Debian's orthanc and orthanc-dicomweb are missing. */
final class OrthancTest {
    private static final Pattern SHA = Pattern.compile("\"(?:sha256|transfer_syntax)\" : \"([0-9a-f.]+)\"");
    private static final int SLICES = 7;

    @TempDir
    private static Path folder;

    /** Started once for all tests; what is stored is never changed. */
    private record Running(Orthanc orthanc, Path auth) {}

    private static final List<Running> RUNNING = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        assumeTrue(Orthanc.program().isPresent(), "skipped: want Debian's packages orthanc and orthanc-dicomweb");
        var files = new ArrayList<byte[]>();
        for (int i = 1; i <= SLICES; i++) {
            files.add(DicomBytes.slice("CT", "1.2.3.1", i));
        }
        for (int i = 1; i <= 2; i++) {
            files.add(DicomBytes.slice("MR", "1.2.3.2", i));
        }
        for (var packed : PackedFiles.all()) {
            files.add(packed.file());
        }
        Path auth = Files.writeString(folder.resolve("auth"), "basic " + Orthanc.USER + "\n");
        RUNNING.add(new Running(Orthanc.start(folder), auth));
        RUNNING.getFirst().orthanc().store(files);
    }

    @AfterAll
    static void stop() {
        RUNNING.forEach(running -> running.orthanc().close());
        RUNNING.clear();
    }

    private static Run run(String verb, String... more) {
        var running = RUNNING.getFirst();
        var words =
                new ArrayList<>(List.of(verb, "--dicomweb", running.orthanc().root()));
        words.addAll(List.of("--auth", running.auth().toString()));
        words.addAll(List.of(more));
        return Run.of(words.toArray(String[]::new));
    }

    private static List<String> hashes(Run run) {
        assertThat(run.exit()).as(run.err()).isZero();
        return SHA.matcher(run.out())
                .results()
                .map(found -> found.group(1))
                .sorted()
                .toList();
    }

    @Test
    void aSeriesIsWhatItWasBefore() throws IOException {
        Path local = Files.createDirectories(folder.resolve("ct"));
        for (int i = 1; i <= SLICES; i++) {
            Files.write(local.resolve("s" + i), DicomBytes.slice("CT", "1.2.3.1", i));
        }
        var fetched = run("study", "--series", "1.2.3.1", "--json");
        assertThat(hashes(fetched)).hasSize(3 * SLICES).isEqualTo(hashes(Run.of("study", local.toString(), "--json")));
        assertThat(fetched.out()).contains("CT, 16 x 16, 7 slices").doesNotContain("DOE");
        assertThat(fetched.err()).doesNotContain("DOE", "secret");
    }

    @Test
    void packedFramesAreWhatTheyWereBefore() throws IOException {
        int equal = 0;
        for (var packed : PackedFiles.all()) {
            Path local = Files.write(folder.resolve(packed.name() + ".dcm"), packed.file());
            var here = hashes(Run.of("study", local.toString(), "--json"));
            assertThat(here).as(packed.name()).isNotEmpty();
            assertThat(hashes(run("study", "--series", packed.series(), "--json")))
                    .as(packed.name())
                    .isEqualTo(here);
            equal++;
        }
        System.out.printf("Orthanc: %d packed files fetched with equal pixels%n", equal);
    }

    @Test
    void aStudyHasAllItsSeriesAndNumbersChoose() {
        var study = run("study", "--study-uid", "1.2.3");
        assertThat(study.out()).contains("CT, 16 x 16, 7 slices", "MR, 16 x 16, 2 slices");
        Path out = folder.resolve("mr.nii.gz");
        var exported = run("study", "--study-uid", "1.2.3", "--series", "1.2.3.2", "--export", out.toString());
        assertThat(exported.exit()).as(exported.err()).isZero();
        assertThat(out).exists();
    }

    @Test
    void listsSeriesWithoutNames() throws IOException {
        var list = run("study");
        assertThat(list.exit()).as(list.err()).isZero();
        assertThat(list.out())
                .containsPattern("CT +7  study 1\\.2\\.3  series 1\\.2\\.3\\.1")
                .contains((2 + PackedFiles.all().size()) + " series")
                .doesNotContain("DOE", "P1");
        assertThat(run("study", "--json").out()).contains("\"instances\" : 7", "\"more\" : false");
    }

    @Test
    void asksAboutAFetchedSeries() {
        String model =
                Path.of("..", "golden", "gemma3-a").toAbsolutePath().normalize().toString();
        var words = List.of("--model", model, "--quant", "exact", "--max-tokens", "2", "--json", "--series", "1.2.3.1");
        var asked = new ArrayList<>(words);
        asked.add("Liver?");
        var run = run("ask", asked.toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("\"series\" : \"1.2.3.1\"", "\"place\" : \"slice 7 of 7\"")
                .doesNotContain("DOE");
    }

    @Test
    void saysWhatIsMissing() {
        var none = run("study", "--series", "1.9.9");
        assertThat(none.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(none.err()).contains("the archive knows no such series or study");
        var unknown = Run.of("study", "--dicomweb", RUNNING.getFirst().orthanc().root());
        assertThat(unknown.exit()).isEqualTo(Exit.BAD_INPUT.code());
        assertThat(unknown.err()).contains("search for series: answers 401: it wants credentials");
    }
}
