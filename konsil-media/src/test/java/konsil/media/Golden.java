package konsil.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The folder golden/images of the project, and the pictures that its make_pixels.py makes. */
final class Golden {
    private Golden() {}

    static Path path(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden/images").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("golden/images/" + name + " is missing from the project");
    }

    /** The rows of a table, split at tabs. */
    static Stream<List<String>> table(String name) {
        try {
            return Files.readAllLines(path(name)).stream().map(line -> List.of(line.split("\t")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] file(String name) {
        try {
            return Files.readAllBytes(path("files").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** picture() of make_pixels.py. */
    static Raster picture(int width, int height, String kind) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte)
                    switch (kind) {
                        case "noise" -> noise(i);
                        case "ramp" -> i / 3 * 255L / Math.max(1, width * height - 1);
                        default -> Integer.parseInt(kind);
                    };
        }
        return new Raster(width, height, samples);
    }

    private static int noise(int i) {
        int x = (i + 7919) * 0x9E3779B1;
        x ^= x >>> 15;
        x *= 0x85EBCA77;
        return x ^ x >>> 13;
    }

    /** Samples as the tables have them: hex, or a hash where they are many. */
    static String told(byte[] samples) {
        if (samples.length <= 2000) {
            return HexFormat.of().formatHex(samples);
        }
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(samples));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
