package konsil.medgemma;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import konsil.media.Raster;

/** Tables under golden/images and the pictures that its make_pixels.py makes. */
final class PixelGolden {
    private PixelGolden() {}

    static Path path(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    /** The rows of a table, split at tabs. */
    static Stream<List<String>> table(String name) {
        try {
            return Files.readAllLines(path("images/" + name)).stream().map(line -> List.of(line.split("\t")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** picture() of make_pixels.py. */
    static Raster picture(int width, int height, String kind) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (kind.equals("noise") ? noise(i) : i / 3 * 255L / Math.max(1, width * height - 1));
        }
        return new Raster(width, height, samples);
    }

    private static int noise(int i) {
        int x = (i + 7919) * 0x9E3779B1;
        x ^= x >>> 15;
        x *= 0x85EBCA77;
        return x ^ x >>> 13;
    }
}
