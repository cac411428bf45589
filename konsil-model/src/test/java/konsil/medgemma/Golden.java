package konsil.medgemma;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;

/** Checkpoints under golden/ and what the reference computed for them. */
record Golden(Path folder) {
    /** One prompt. */
    record Case(String name, int[] ids, List<String> images, int[] greedy) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Golden of(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("golden").resolve(name);
            if (Files.isDirectory(folder)) {
                return new Golden(folder);
            }
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    List<Case> cases() {
        try {
            var root = (Json.Arr) Json.read(file("cases.json"), JsonLimits.settings());
            return root.items().stream()
                    .map(item -> {
                        var fields = Fields.of(file("cases.json"), item);
                        var images = fields.list("images").stream()
                                .map(image -> ((Json.Text) image).value())
                                .toList();
                        return new Case(fields.text("name"), ints(fields, "input_ids"), images, ints(fields, "greedy"));
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] ints(Fields fields, String name) {
        return fields.list(name).stream()
                .mapToInt(item -> (int) ((Json.Whole) item).value())
                .toArray();
    }

    /** A tensor of a file under the folder. */
    float[] values(String file, String tensor) {
        try (var values = Checkpoint.open(file(file))) {
            return values.f32(tensor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    float[] expected(Case c, String tensor) {
        return values("cases/%s.safetensors".formatted(c.name()), tensor);
    }

    float[] pixels(String image) {
        return values("cases/pixels.safetensors", image);
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

    static double cosine(float[] a, float[] b) {
        double dot = IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
        double aa = IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * a[i])
                .sum();
        double bb = IntStream.range(0, b.length)
                .mapToDouble(i -> (double) b[i] * b[i])
                .sum();
        return dot / Math.sqrt(aa * bb);
    }

    static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
