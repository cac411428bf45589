package konsil.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.JsonSource;

/** The files of golden/ that hold texts and ids. */
final class TextGolden {
    private TextGolden() {}

    /** One line: a text, its ids, what these decode to with special tokens and without, as far as they are there. */
    record Case(Json.Obj line) {
        String text() {
            return string("text").orElseThrow();
        }

        int[] ids() {
            var items = ((Json.Arr) line.fields().get("ids")).items();
            return items.stream()
                    .mapToInt(id -> (int) ((Json.Whole) id).value())
                    .toArray();
        }

        Optional<String> string(String name) {
            return Optional.ofNullable(line.fields().get(name)).map(value -> ((Json.Text) value).value());
        }

        @Override
        public String toString() {
            return line.write();
        }
    }

    static Path path(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    static List<Case> lines(Path file) throws IOException {
        var cases = new ArrayList<Case>();
        for (String line : Files.readAllLines(file)) {
            cases.add(new Case((Json.Obj) json(line)));
        }
        return cases;
    }

    /** A file that is a list of objects. */
    static List<Json.Obj> list(Path file) throws IOException {
        return objects(json(Files.readString(file)));
    }

    static List<Json.Obj> objects(Json list) {
        return ((Json.Arr) list).items().stream().map(Json.Obj.class::cast).toList();
    }

    static Json json(String text) {
        var limits = new JsonLimits(64L << 20, 32, 16 << 20, 4_000_000);
        try (var source = JsonSource.of(utf8(text), Path.of("golden"), limits)) {
            return source.value();
        }
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The tokenizer of the small Gemma 3 checkpoint. */
    static Tokenizer gemma() throws IOException {
        return TokenizerFiles.open(path("gemma3-a/tokenizer.json"));
    }
}
