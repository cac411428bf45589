package konsil.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Map;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.Parameters;
import konsil.tensor.file.SafetensorsWriter;

/** A trained model in the layout that it was published in. */
public final class PublishedFolder {
    private static final String FILE = "model.safetensors";

    private PublishedFolder() {}

    /**
     * Writes a folder: each tensor in the type that the published folder has it in, with that folder's other files and
     * its tensors of whole numbers, which no training changes.
     *
     * @param from the folder that the model was loaded from
     * @param to made when it is not there; its files are replaced
     */
    public static void write(Parameters parameters, Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var before = Checkpoint.open(from)) {
            var other = before.info(before.names().getFirst()).type();
            var tensors = new ArrayList<NewTensor>();
            for (var p : parameters.all()) {
                var type = before.names().contains(p.name())
                        ? before.info(p.name()).type()
                        : other;
                long[] shape = p.shape().stream().mapToLong(Long::longValue).toArray();
                tensors.add(NewTensor.of(p.name(), writable(type), p.published(), shape));
            }
            for (String name : before.names()) {
                if (!before.info(name).type().real()) {
                    tensors.add(NewTensor.copyOf(before, name));
                }
            }
            SafetensorsWriter.write(to.resolve(FILE), tensors, Map.of("format", "pt"));
            copySideFiles(before, from, to);
        }
    }

    private static FileType writable(FileType type) {
        return type == FileType.BF16 || type == FileType.F16 ? type : FileType.F32;
    }

    private static void copySideFiles(Checkpoint before, Path from, Path to) throws IOException {
        for (String name : before.files()) {
            Path file = from.resolve(name);
            if (Files.isRegularFile(file)) {
                Files.copy(file, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
