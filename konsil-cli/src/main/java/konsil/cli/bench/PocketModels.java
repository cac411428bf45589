package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import konsil.tensor.file.FileType;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;

/** Small models with made-up weights as folders in the published layout, to be trained. */
final class PocketModels {
    private PocketModels() {}

    /** Writes config.json and model.safetensors, in bf16. */
    static void write(ModelShape shape, long seed, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), shape.config());
        try (var values = new RandomCheckpoint(shape, seed)) {
            var tensors = new ArrayList<NewTensor>();
            for (var entry : shape.tensors().entrySet()) {
                var bytes = values.bytes(entry.getKey());
                tensors.add(new NewTensor(entry.getKey(), FileType.BF16, entry.getValue(), bytes));
            }
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        }
    }
}
