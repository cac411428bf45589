package konsil.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;

/** What is under golden/. */
record GoldenFiles(Path folder) {
    static GoldenFiles of(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("golden"))) {
                return new GoldenFiles(at.resolve("golden").resolve(name));
            }
        }
        throw new IllegalStateException("golden/ is missing from the project");
    }

    /** The objects of a list in a JSON file: the file's own or that of a field. */
    List<Json.Obj> objects(String file, String field) throws IOException {
        Path path = folder.resolve(file);
        Json root = Json.read(path, new JsonLimits(16 << 20, 16, 1 << 20, 1_000_000));
        var list = field.isEmpty() ? root : ((Json.Obj) root).fields().get(field);
        return ((Json.Arr) list).items().stream().map(item -> (Json.Obj) item).toList();
    }

    Json.Obj named(String file, String name) throws IOException {
        for (var object : objects(file, "")) {
            if (Fields.of(folder.resolve(file), object).text("name").equals(name)) {
                return object;
            }
        }
        throw new IllegalStateException(name);
    }

    static int[] ids(Json.Obj object, String field) {
        return ((Json.Arr) object.fields().get(field))
                .items().stream()
                        .mapToInt(item -> (int) ((Json.Whole) item).value())
                        .toArray();
    }

    static double real(Json.Obj object, String field) {
        return ((Json.Real) object.fields().get(field)).value();
    }

    /** All f32 tensors of a file. */
    Map<String, float[]> tensors(String file) throws IOException {
        try (var checkpoint = Checkpoint.open(folder.resolve(file))) {
            var tensors = new LinkedHashMap<String, float[]>();
            for (String name : checkpoint.names()) {
                tensors.put(name, checkpoint.f32(name));
            }
            return tensors;
        }
    }
}
