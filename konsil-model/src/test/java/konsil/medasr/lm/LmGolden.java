package konsil.medasr.lm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.JsonSource;

/** The files of golden/lm. */
public final class LmGolden {
    private LmGolden() {}

    public static Path path(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden/lm").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("golden/lm/" + name + " is missing from the project");
    }

    /** One line of a .jsonl file. */
    public record Case(Json.Obj line) {
        public String text(String key) {
            return ((Json.Text) line.fields().get(key)).value();
        }

        public List<Json> list(String key) {
            return ((Json.Arr) line.fields().get(key)).items();
        }

        public double number(String key) {
            return number(line.fields().get(key));
        }

        public boolean flag(String key) {
            return ((Json.Flag) line.fields().get(key)).value();
        }

        public static double number(Json json) {
            return json instanceof Json.Whole whole ? whole.value() : ((Json.Real) json).value();
        }
    }

    public static List<Case> cases(String name) throws IOException {
        return Files.readAllLines(path(name)).stream().map(LmGolden::parse).toList();
    }

    /** A model that is written out in a test. */
    public static NGramModel read(String arpa) throws IOException {
        return ArpaFile.read(new ByteArrayInputStream(arpa.getBytes(StandardCharsets.UTF_8)), Path.of("hand.arpa"));
    }

    private static Case parse(String line) {
        var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        try (var source = JsonSource.of(bytes, Path.of("golden"), new JsonLimits(1L << 20, 8, 1 << 16, 100_000))) {
            return new Case((Json.Obj) source.value());
        }
    }
}
