package konsil.medasr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;

/** LASR checkpoints under golden/ and what the reference computed for them. */
record LasrGolden(Path folder) {
    /** One clip, and the fields of cases.json about it. */
    record Case(String name, Json.Obj line) {
        int whole(String field) {
            return (int) ((Json.Whole) line.fields().get(field)).value();
        }

        double real(String field) {
            return switch (line.fields().get(field)) {
                case Json.Real(double value) -> value;
                case Json.Whole(long value) -> value;
                default -> throw new IllegalStateException(field);
            };
        }

        String text(String field) {
            return ((Json.Text) line.fields().get(field)).value();
        }

        boolean has(String field) {
            return line.fields().containsKey(field);
        }

        int[] ids(String field) {
            return ((Json.Arr) line.fields().get(field))
                    .items().stream()
                            .mapToInt(item -> (int) ((Json.Whole) item).value())
                            .toArray();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static LasrGolden of(String name) {
        return new LasrGolden(root().resolve(name));
    }

    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("golden"))) {
                return at.resolve("golden");
            }
        }
        throw new IllegalStateException("golden/ is missing from the project");
    }

    /** Every LASR checkpoint that is there. */
    static List<String> all() {
        try (Stream<Path> folders = Files.list(root())) {
            return folders.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("lasr-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Case> cases() {
        try {
            Path file = folder.resolve("cases.json");
            var root = (Json.Arr) Json.read(file, new JsonLimits(16 << 20, 16, 1 << 20, 1_000_000));
            return root.items().stream()
                    .map(item -> new Case(Fields.of(file, item).text("name"), (Json.Obj) item))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Case named(String name) {
        return cases().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    /** Values of every stage, where they were kept. */
    Optional<float[]> expected(Case c, String tensor) {
        Path file = folder.resolve("cases/%s.safetensors".formatted(c.name()));
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var values = Checkpoint.open(file)) {
            return Optional.of(values.f32(tensor));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sound of a case, empty when neither it nor a recipe for it was kept. */
    Optional<float[]> samples(Case c) {
        return c.has("seed") ? Optional.of(TestSound.of(c.whole("seed"), c.whole("samples"))) : expected(c, "samples");
    }

    /** The largest difference, relative to the largest expected value. */
    static double distance(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            throw new AssertionError("want %d values, got %d".formatted(expected.length, actual.length));
        }
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return worst / largest;
    }
}
