package konsil.media;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of real medical files, which are not part of the project; tests that want it are skipped without it. */
public final class TestData {
    private TestData() {}

    /** The folder that the environment's KONSIL_DATA names, else /work/shared/data. */
    public static Path folder(String part) {
        String named = System.getenv("KONSIL_DATA");
        Path folder = Path.of(named == null ? "/work/shared/data" : named).resolve(part);
        assumeTrue(Files.isDirectory(folder), "skipped: no folder " + folder);
        return folder;
    }

    /** Rows of a table, split at tabs, without its head. */
    public static Stream<List<String>> table(Path file) {
        try {
            return Files.readAllLines(file).stream().skip(1).map(line -> List.of(line.split("\t", -1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
