package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code konsil study --json} on files beside the project, against pydicom and nibabel; skipped without them. */
final class StudyDataTest {
    /** Told apart in konsil-media's DicomDataTest: cut off, odd, or lossy JPEG 2000 with another order of sums. */
    private static final Set<String> OTHERWISE =
            Set.of("SC_rgb_small_odd_big_endian.dcm", "MR2_J2KI.dcm", "RG3_J2KI.dcm", "US1_J2KI.dcm", "JPEG2000.dcm");

    private static final Set<String> REFUSED = Set.of(
            "MR_truncated.dcm",
            "meta_missing_tsyntax.dcm",
            "nested_priv_SQ.dcm",
            "JPEG2000-embedded-sequence-delimiter.dcm");

    private static final Pattern ALL =
            Pattern.compile("\"all_frames\" : \\{\\s*(?:\"m[a-z]+\" : [^,]+,\\s*)*\"sha256\" : \"([0-9a-f]+)\"");
    private static final Pattern AFFINE = Pattern.compile("\"affine_ras\" : \\[([^]]+)]");

    static Optional<Path> data() {
        String named = System.getProperty("konsil.data", System.getenv().getOrDefault("KONSIL_DATA", ""));
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named)).filter(Files::isDirectory);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path data = at.resolve("shared/data");
            if (Files.isDirectory(data)) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }

    /** Rows of a table by file; each a map by column. */
    private static List<Map<String, String>> table(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String[] columns = lines.getFirst().split("\t", -1);
        var rows = new ArrayList<Map<String, String>>();
        for (String line : lines.subList(1, lines.size())) {
            var row = new TreeMap<String, String>();
            String[] cells = line.split("\t", -1);
            for (int i = 0; i < Math.min(columns.length, cells.length); i++) {
                row.put(columns[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void storedValuesAreThoseOfPydicom() throws IOException {
        assumeTrue(data().isPresent(), "skipped: no folder shared/data, no property konsil.data");
        Path folder = data().orElseThrow();
        var counts = new TreeMap<String, int[]>();
        var wrong = new ArrayList<String>();
        for (var row : table(folder.resolve("truth/dicom.tsv"))) {
            Path path = folder.resolve(row.get("file"));
            String want = row.getOrDefault("px_sha", "");
            if (!Files.exists(path) || want.isEmpty()) {
                continue;
            }
            String name = String.valueOf(path.getFileName());
            var run = Run.of("study", path.toString(), "--json");
            var sha = ALL.matcher(run.out());
            int[] count = counts.computeIfAbsent(row.get("file").split("/", -1)[1], _ -> new int[3]);
            boolean found = sha.find();
            boolean same = found && sha.group(1).startsWith(want);
            count[same ? 0 : found ? 1 : 2]++;
            if (!same && !OTHERWISE.contains(name) && !REFUSED.contains(name)) {
                wrong.add(row.get("file") + " exit " + run.exit() + " " + run.err());
            }
        }
        counts.forEach((group, count) -> System.out.printf(
                "study --json, %s: %d equal to pydicom, %d not, %d refused%n", group, count[0], count[1], count[2]));
        assertThat(wrong).isEmpty();
        assertThat(counts.values().stream().mapToInt(count -> count[0]).sum()).isPositive();
    }

    @Test
    void niftiLiesWhereNibabelSays() throws IOException {
        assumeTrue(data().isPresent(), "skipped: no folder shared/data, no property konsil.data");
        Path folder = data().orElseThrow();
        int equal = 0;
        int refused = 0;
        for (var row : table(folder.resolve("truth/nifti.tsv"))) {
            Path path = folder.resolve(row.get("file"));
            if (!Files.exists(path) || row.getOrDefault("affine", "").isEmpty()) {
                continue;
            }
            var run = Run.of("study", path.toString(), "--json");
            var affine = AFFINE.matcher(run.out());
            if (!affine.find()) {
                refused++;
                continue;
            }
            String[] got = affine.group(1).split(",", -1);
            String[] want = row.get("affine").replaceAll("[\\[\\] ]", "").split(",", -1);
            for (int i = 0; i < 12; i++) {
                assertThat(Double.parseDouble(got[i].strip()))
                        .as(row.get("file"))
                        .isCloseTo(Double.parseDouble(want[i]), org.assertj.core.api.Assertions.within(6e-5));
            }
            equal++;
        }
        System.out.printf("study --json, NIfTI: %d affines equal to nibabel, %d files refused%n", equal, refused);
        assertThat(equal).isGreaterThan(25);
    }
}
