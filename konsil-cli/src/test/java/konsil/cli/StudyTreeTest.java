package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A medium as hospitals hand it out: a DICOMDIR above nested folders; the same in a ZIP file; packed file by file. */
final class StudyTreeTest {
    private static final Pattern SHA = Pattern.compile("\"sha256\" : \"([0-9a-f]+)\"");
    private static final int SLICES = 4;

    @TempDir
    private Path folder;

    private Path medium;

    @BeforeEach
    void write() throws IOException {
        medium = Files.createDirectories(folder.resolve("cd"));
        var named = new ArrayList<List<String>>();
        for (int i = 1; i <= SLICES; i++) {
            Path series = Files.createDirectories(medium.resolve("DICOM/PA1/ST1/SE1"));
            Files.write(series.resolve("IM" + i), DicomBytes.slice("CT", "1.2.3.1", i));
            named.add(List.of("DICOM", "PA1", "ST1", "SE1", "IM" + i));
        }
        Path other = Files.createDirectories(medium.resolve("DICOM/PA1/ST1/SE2"));
        Files.write(other.resolve("IM1"), DicomBytes.slice("MR", "1.2.3.2", 1));
        Files.writeString(medium.resolve("AUTORUN.INF"), "[autorun]");
        Files.write(medium.resolve("DICOMDIR"), DicomBytes.directory(named));
    }

    private static Run study(Path path) {
        return Run.of("study", path.toString(), "--json");
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
    void aDicomdirShowsWhatItNames() {
        var run = study(medium.resolve("DICOMDIR"));
        assertThat(hashes(run)).hasSize(2 * SLICES);
        assertThat(run.out()).contains("CT, 16 x 16, 4 slices").doesNotContain("MR, 16", "AUTORUN", "DOE");
    }

    @Test
    void folderAndZipShowEverything() throws IOException {
        var whole = study(medium);
        assertThat(hashes(whole)).hasSize(2 * SLICES + 2);
        assertThat(whole.out()).contains("CT, 16 x 16, 4 slices", "MR, 16 x 16, 1 slices", "AUTORUN.INF");
        Path zip = folder.resolve("cd.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip));
                var walk = Files.walk(medium)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        var packed = study(zip);
        assertThat(hashes(packed)).isEqualTo(hashes(whole));
        assertThat(packed.out()).contains("CT, 16 x 16, 4 slices", "MR, 16 x 16, 1 slices");
    }

    @Test
    void filesPackedOneByOneInNestedFolders() throws IOException {
        Path packed = folder.resolve("packed");
        try (var walk = Files.walk(medium.resolve("DICOM"))) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                Path target = packed.resolve(medium.relativize(file) + ".dcm.gz");
                Files.createDirectories(target.getParent());
                try (var out = new GZIPOutputStream(Files.newOutputStream(target))) {
                    Files.copy(file, out);
                }
            }
        }
        assertThat(hashes(study(packed))).isEqualTo(hashes(study(medium.resolve("DICOM"))));
    }

    @Test
    void aDicomdirThatNamesMissingOrForeignFilesIsAnAnswer() throws IOException {
        Path missing = Files.createDirectories(folder.resolve("missing")).resolve("DICOMDIR");
        Files.write(missing, DicomBytes.directory(List.of(List.of("NONE", "IM1"))));
        var none = study(missing);
        assertThat(none.exit()).as(none.err()).isIn(Exit.NEGATIVE.code(), Exit.BAD_INPUT.code());
        Files.write(missing, DicomBytes.directory(List.of(List.of("..", "cd", "DICOM", "PA1", "ST1", "SE1", "IM1"))));
        var outside = study(missing);
        assertThat(outside.exit()).as(outside.out()).isIn(Exit.NEGATIVE.code(), Exit.BAD_INPUT.code());
    }
}
