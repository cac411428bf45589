package konsil.train.gemma;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import konsil.medgemma.MedGemma;
import konsil.tensor.Tensor;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import konsil.train.lora.DropoutMasks;
import konsil.train.optim.Learnable;

/**
 * A whole model, or all of it but the image part.
 *
 * @param model loaded for training; stays its caller's
 * @param folder that it was loaded from, as published
 * @param frozenImages whether the image tower and the projector stay as they are
 */
public record FullSubject(MedGemma model, Path folder, boolean frozenImages) implements Subject {
    private static final String FILE = "model.safetensors";

    private static boolean ofImages(String name) {
        return name.startsWith("vision_tower.") || name.startsWith("multi_modal_projector.");
    }

    @Override
    public List<Learnable> learnables() {
        return model.parameters().all().stream()
                .filter(parameter -> !frozenImages || !ofImages(parameter.name()))
                .map(parameter -> Learnable.of(parameter.name(), parameter.tensor()))
                .toList();
    }

    @Override
    public Set<Tensor> ofImages() {
        return learnables().stream()
                .filter(learnable -> ofImages(learnable.name()))
                .map(Learnable::values)
                .collect(Collectors.toSet());
    }

    @Override
    public Network training(DropoutMasks masks) {
        return plain();
    }

    @Override
    public double dropout() {
        return 0;
    }

    @Override
    public String result() {
        return "model";
    }

    /** The published layout, each tensor in the type that the folder has it in, with the folder's other files. */
    @Override
    public void write(Path to) throws IOException {
        Files.createDirectories(to);
        Path exact = to.resolve("exact.safetensors");
        model.parameters().write(exact);
        try (var values = Checkpoint.open(exact);
                var before = Checkpoint.open(folder)) {
            var other = before.info(before.names().getFirst()).type();
            var tensors = new ArrayList<NewTensor>();
            for (String name : values.names()) {
                long[] shape = values.info(name).shape().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
                var type = before.names().contains(name) ? before.info(name).type() : other;
                tensors.add(NewTensor.of(name, writable(type), values.f32(name), shape));
            }
            SafetensorsWriter.write(to.resolve(FILE), tensors, Map.of("format", "pt"));
        } finally {
            Files.deleteIfExists(exact);
        }
        copySideFiles(to);
    }

    private static FileType writable(FileType type) {
        return type == FileType.BF16 || type == FileType.F16 ? type : FileType.F32;
    }

    private void copySideFiles(Path to) throws IOException {
        try (var before = Checkpoint.open(folder)) {
            for (String name : before.files()) {
                Path from = folder.resolve(name);
                if (Files.isRegularFile(from)) {
                    Files.copy(from, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Override
    public void close() {
        // the model is its caller's
    }
}
