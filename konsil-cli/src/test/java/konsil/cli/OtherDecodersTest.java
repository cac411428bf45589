package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compressed files, unpacked by DCMTK and GDCM and by {@code konsil study}: the same pixels. Each program is skipped
 * where it is missing.
 */
final class OtherDecodersTest {
    private static final Pattern SHA = Pattern.compile("\"sha256\" : \"([0-9a-f]+)\"");
    private static final Pattern SYNTAX = Pattern.compile("\"transfer_syntax\" : \"([0-9.]+)\"");
    private static final String PLAIN = "1.2.840.10008.1.2.1";
    private static final long PATIENCE = 60;
    private static final Map<String, String> DCMTK = Map.of(
            "1.2.840.10008.1.2.5", "dcmdrle",
            "1.2.840.10008.1.2.4.57", "dcmdjpeg",
            "1.2.840.10008.1.2.4.70", "dcmdjpeg",
            "1.2.840.10008.1.2.4.80", "dcmdjpls",
            "1.2.840.10008.1.2.4.81", "dcmdjpls");

    @TempDir
    private Path folder;

    private static boolean isInstalled(String program) {
        for (String at : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!at.isEmpty() && Files.isExecutable(Path.of(at, program))) {
                return true;
            }
        }
        return false;
    }

    private static boolean runs(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }

    private static List<String> hashes(Run run) {
        return SHA.matcher(run.out()).results().map(found -> found.group(1)).toList();
    }

    /** The lossless ones of the tests and, where the folder is there, real ones of every kind. */
    private List<Path> files() throws IOException {
        var files = new ArrayList<Path>();
        for (var packed : PackedFiles.all()) {
            if (packed.lossless()) {
                files.add(Files.write(folder.resolve(packed.name() + ".dcm"), packed.file()));
            }
        }
        var data = StudyDataTest.data().map(found -> found.resolve("dicom/transfer_syntaxes_ct"));
        if (data.filter(Files::isDirectory).isPresent()) {
            try (var walk = Files.walk(data.get())) {
                walk.filter(file -> file.toString().endsWith(".dcm")).sorted().forEach(files::add);
            }
        }
        return files;
    }

    /** Counts of one program: equal, not unpacked by it. */
    private static final class Count {
        private int equal;
        private int notUnpacked;
    }

    private void compare(String program, List<String> options, Path file, Map<String, Count> counts)
            throws IOException, InterruptedException {
        var ours = Run.of("study", file.toString(), "--json");
        Matcher syntax = SYNTAX.matcher(ours.out());
        if (!syntax.find() || hashes(ours).isEmpty()) {
            return;
        }
        var count = counts.computeIfAbsent(program + " " + syntax.group(1), _ -> new Count());
        Path plain = folder.resolve("plain.dcm");
        Files.deleteIfExists(plain);
        var command = new ArrayList<String>(List.of(program));
        command.addAll(options);
        command.addAll(List.of(file.toString(), plain.toString()));
        if (!runs(command) || !Files.exists(plain)) {
            count.notUnpacked++;
            return;
        }
        var theirs = Run.of("study", plain.toString(), "--json");
        assertThat(theirs.out()).as(program + " " + file.getFileName()).contains("\"" + PLAIN + "\"");
        assertThat(hashes(theirs)).as(program + " " + file.getFileName()).isEqualTo(hashes(ours));
        count.equal++;
    }

    private static void report(Map<String, Count> counts) {
        counts.forEach((group, count) -> System.out.printf(
                "%s: %d files with equal pixels, %d not unpacked by it%n", group, count.equal, count.notUnpacked));
        assertThat(counts.values().stream().mapToInt(count -> count.equal).sum())
                .isPositive();
    }

    @Test
    void dcmtkUnpacksTheSame() throws IOException, InterruptedException {
        assumeTrue(DCMTK.values().stream().allMatch(OtherDecodersTest::isInstalled), "skipped: want dcmtk");
        var counts = new TreeMap<String, Count>();
        for (Path file : files()) {
            Matcher syntax =
                    SYNTAX.matcher(Run.of("study", file.toString(), "--json").out());
            String program = syntax.find() ? DCMTK.getOrDefault(syntax.group(1), "") : "";
            if (!program.isEmpty()) {
                compare(program, List.of("+te"), file, counts);
            }
        }
        report(counts);
    }

    @Test
    void gdcmUnpacksTheSame() throws IOException, InterruptedException {
        assumeTrue(isInstalled("gdcmconv"), "skipped: want libgdcm-tools");
        var counts = new TreeMap<String, Count>();
        for (Path file : files()) {
            compare("gdcmconv", List.of("--raw", "--explicit"), file, counts);
        }
        report(counts);
    }
}
