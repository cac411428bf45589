package konsil.eval.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;

/**
 * A golden directory of the LASR family, which MedASR is of: beside cases.json lie {@code cases/NAME.safetensors} with
 * the tensors samples, features, encoder and logits, all of them or some, and {@code cases/grads.safetensors} with
 * gradients by published name.
 */
public final class LasrGolden implements GoldenLayout {
    private final Path folder;
    private final List<LasrCase> cases;

    private LasrGolden(Path folder, List<LasrCase> cases) {
        this.folder = folder;
        this.cases = List.copyOf(cases);
    }

    /** Whether the first case is one of this layout. */
    static boolean isOne(Path folder) throws IOException {
        Path file = folder.resolve(CasesFile.NAME);
        return Json.read(file, CasesFile.LIMITS) instanceof Json.Arr(var items)
                && !items.isEmpty()
                && items.getFirst() instanceof Json.Obj first
                && LasrCase.isOne(Fields.of(file, first));
    }

    static LasrGolden open(Path folder) throws IOException {
        Path file = folder.resolve(CasesFile.NAME);
        var cases = CasesFile.items(Json.read(file, CasesFile.LIMITS), file).stream()
                .map(item -> LasrCase.of(file, item))
                .toList();
        var names = new HashSet<String>();
        for (var c : cases) {
            if (!names.add(c.name())) {
                throw new BadFileException(file, "two cases have the same name");
            }
        }
        return new LasrGolden(folder, cases);
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public String name() {
        return "lasr";
    }

    List<LasrCase> cases() {
        return cases;
    }

    GoldenValues values(LasrCase c) throws IOException {
        Path file = folder.resolve("cases").resolve(c.name() + ".safetensors");
        var stages = new LinkedHashMap<String, float[]>();
        if (Files.isRegularFile(file)) {
            try (var values = Checkpoint.open(file)) {
                for (String name : values.names()) {
                    stages.put(name, values.f32(name));
                }
            }
        }
        return new GoldenValues(stages);
    }

    /** Gradients of the first case's loss, by published name; none when they are not there. */
    Map<String, float[]> gradients() throws IOException {
        Path file = folder.resolve("cases").resolve("grads.safetensors");
        var gradients = new LinkedHashMap<String, float[]>();
        if (Files.isRegularFile(file)) {
            try (var values = Checkpoint.open(file)) {
                values.names().forEach(name -> gradients.put(name, values.f32(name)));
            }
        }
        return gradients;
    }

    /** Files are closed as soon as they are read. */
    @Override
    public void close() {}
}
