package konsil.media.dicom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Real files of other projects, which lie beside this one and are no part of it: the property konsil.data, the variable
 * KONSIL_DATA, or a folder shared/data in a folder above.
 */
final class SharedData {
    private SharedData() {}

    static Optional<Path> folder() {
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

    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The rows of truth/dicom.tsv by file, each by column. */
    static Map<String, Map<String, String>> truth(Path data) throws IOException {
        var rows = new HashMap<String, Map<String, String>>();
        List<String> lines = Files.readAllLines(data.resolve("truth/dicom.tsv"));
        List<String> columns = List.of(lines.getFirst().split("\t", -1));
        for (String line : lines.subList(1, lines.size())) {
            var row = new HashMap<String, String>();
            var cells = new ArrayList<>(List.of(line.split("\t", -1)));
            for (int i = 0; i < Math.min(columns.size(), cells.size()); i++) {
                row.put(columns.get(i), cells.get(i));
            }
            rows.put(cells.getFirst(), row);
        }
        return rows;
    }
}
