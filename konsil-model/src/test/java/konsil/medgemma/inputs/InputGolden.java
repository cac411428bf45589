package konsil.medgemma.inputs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import konsil.media.Geometry;
import konsil.media.Volume;
import konsil.media.Voxels;

/** Files of the folder golden of the project, and small volumes. */
final class InputGolden {
    private InputGolden() {}

    static Path path(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    /** The rows of a table of golden/inputs, split at tabs. */
    static Stream<List<String>> table(String name) {
        try {
            return Files.readAllLines(path("inputs/" + name)).stream().map(line -> List.of(line.split("\t", -1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One row of values a slice. */
    static Volume volume(Volume.Unit unit, int slices, float... values) {
        return new Volume(
                values.length / slices, 1, slices, Geometry.upright(1, 1, 2), unit, new Voxels.Floats(values));
    }

    static Volume ct(int columns, int rows, int slices) {
        var stored = new short[columns * rows * slices];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (short) (i % 3000);
        }
        var voxels = new Voxels.Shorts(stored, false, 1, -1024);
        return new Volume(columns, rows, slices, Geometry.upright(0.7, 0.7, 2), Volume.Unit.HOUNSFIELD, voxels);
    }
}
