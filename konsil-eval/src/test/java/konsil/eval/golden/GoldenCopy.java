package konsil.eval.golden;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medgemma.WorkingFormat;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;

/** A golden directory whose files may be changed: that of gemma3-a with one case. */
record GoldenCopy(Path folder) {
    static Path original(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("golden").resolve(name);
            if (Files.exists(folder)) return folder;
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    static GoldenCopy of(Path folder, String name) throws IOException {
        Path from = original("gemma3-a");
        Files.createDirectories(folder.resolve("cases"));
        Files.createDirectories(folder.resolve("images"));
        for (String file : new String[] {
            "cases/%s.safetensors".formatted(name),
            "cases/pixels.safetensors",
            "tokenizer_cases.json",
            "images/gray_64x64.png"
        }) {
            Files.copy(from.resolve(file), folder.resolve(file));
        }
        var all = (Json.Arr) Json.read(from.resolve("cases.json"), JsonLimits.settings());
        var kept = all.items().stream()
                .filter(item -> ((Json.Obj) item).fields().get("name").equals(new Json.Text(name)))
                .toList();
        Files.writeString(folder.resolve("cases.json"), new Json.Arr(kept).write(), StandardCharsets.UTF_8);
        return new GoldenCopy(folder);
    }

    /** Changes a tensor of one of its files. */
    void change(String file, String tensor, UnaryOperator<float[]> change) throws IOException {
        var tensors = new ArrayList<NewTensor>();
        try (var values = Checkpoint.open(folder.resolve(file))) {
            for (String name : values.names()) {
                long[] shape = values.info(name).shape().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
                float[] old = values.f32(name);
                float[] now = name.equals(tensor) ? change.apply(old) : old;
                long[] size = now.length == old.length ? shape : new long[] {now.length};
                tensors.add(NewTensor.of(name, FileType.F32, now, size));
            }
        }
        SafetensorsWriter.write(folder.resolve(file), tensors, Map.of());
    }

    /** Adds one to an id of a list of the only case. */
    void changeId(String list, int position) throws IOException {
        var root = (Json.Arr) Json.read(folder.resolve("cases.json"), JsonLimits.settings());
        var fields = new LinkedHashMap<>(((Json.Obj) root.items().getFirst()).fields());
        var ids = new ArrayList<>(((Json.Arr) fields.get(list)).items());
        ids.set(position, new Json.Whole(((Json.Whole) ids.get(position)).value() + 1));
        fields.put(list, new Json.Arr(ids));
        var changed = new Json.Arr(java.util.List.of(new Json.Obj(fields)));
        Files.writeString(folder.resolve("cases.json"), changed.write(), StandardCharsets.UTF_8);
    }

    GoldenReport verify(Path model, WorkingFormat format) throws IOException {
        var settings = new VerifySettings(model, java.util.Optional.empty(), format, 1L << 30);
        try (var golden = GemmaGolden.open(folder);
                var workers = new Workers(2)) {
            var kernels = KernelChoice.best(workers).kernels();
            return new GemmaVerifier(golden, settings, VerifyListener.SILENT)
                    .run(new GemmaVerifier.Engine(kernels, workers));
        }
    }
}
