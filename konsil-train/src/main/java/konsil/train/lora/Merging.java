package konsil.train.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import konsil.kernel.NativeMemory;
import konsil.kernel.Workers;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;

/**
 * Adds an adapter to the matrices of a published checkpoint, or takes it off again. The result is a folder of the same
 * layout, tensors in the types that they had; taking off what was added gives back what was there but for rounding to
 * those types.
 */
public final class Merging {
    private static final String WEIGHT = ".weight";

    private final Path model;
    private final Path adapter;
    private final Workers workers;

    /** @param model a Hugging Face folder with safetensors */
    public Merging(Path model, Path adapter, Workers workers) {
        this.model = model;
        this.adapter = adapter;
        this.workers = workers;
    }

    /** Whether the update is added or taken off. */
    public enum Direction {
        MERGE(1),
        UNMERGE(-1);

        private final int sign;

        Direction(int sign) {
            this.sign = sign;
        }
    }

    /**
     * Writes the changed checkpoint.
     *
     * @param out a folder that is not there yet, or empty
     * @return how many matrices were changed
     * @throws BadInputException when the model is no such folder, the adapter is not for it, or {@code out} holds files
     * @throws IOException when the disk fails
     */
    public int write(Path out, Direction direction) throws IOException {
        requireEmpty(out);
        try (var files = Checkpoint.open(model);
                var memory = new NativeMemory()) {
            if (!Files.isDirectory(model) || !files.format().equals("safetensors")) {
                throw new BadFileException(
                        model, "want a folder with safetensors, as published; found " + files.format());
            }
            var sizes = new LinkedHashMap<Matrix, AdapterFile.Size>();
            for (String name : files.names()) {
                matrix(name).ifPresent(matrix -> sizes.put(matrix, size(files, name)));
            }
            var updates = AdapterFile.updates(adapter, sizes, memory);
            Files.createDirectories(out);
            for (Path part : files.tensorFiles()) {
                writePart(part, out.resolve(part.getFileName()), updates, direction.sign);
            }
            copyTheRest(out);
            return updates.size();
        }
    }

    private static void requireEmpty(Path out) throws IOException {
        if (Files.exists(out)) {
            try (var there = Files.list(out)) {
                if (there.findAny().isPresent()) {
                    throw new BadInputException(out + ": want a folder that is empty or not there yet");
                }
            }
        }
    }

    private static Optional<Matrix> matrix(String tensor) {
        return tensor.endsWith(WEIGHT) && tensor.matches(".*\\.(self_attn|mlp)\\.[A-Za-z0-9_]+\\.weight")
                ? Matrix.of(tensor.substring(0, tensor.length() - WEIGHT.length()))
                : Optional.empty();
    }

    private static AdapterFile.Size size(Checkpoint files, String name) {
        var shape = files.info(name).shape();
        return shape.size() == 2
                ? new AdapterFile.Size(Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)))
                : new AdapterFile.Size(0, 0);
    }

    private void writePart(Path part, Path to, Map<Matrix, Lora.Update> updates, int sign) throws IOException {
        try (var file = Checkpoint.open(part)) {
            var tensors = new ArrayList<NewTensor>();
            for (String name : file.names()) {
                var info = file.info(name);
                var update = matrix(name).flatMap(matrix -> Optional.ofNullable(updates.get(matrix)));
                if (update.isEmpty()) {
                    tensors.add(new NewTensor(name, info.type(), info.shape(), file.bytes(name)));
                    continue;
                }
                requireFloat(part, name, info.type());
                float[] values = file.f32(name);
                add(values, update.get(), sign);
                tensors.add(NewTensor.of(
                        name,
                        info.type(),
                        values,
                        info.shape().get(0),
                        info.shape().get(1)));
            }
            SafetensorsWriter.write(to, tensors, Map.of("format", "pt"));
        }
    }

    private static void requireFloat(Path part, String name, FileType type) {
        if (type != FileType.F32 && type != FileType.BF16 && type != FileType.F16) {
            throw new BadFileException(part, name, "want F32, BF16 or F16 to merge into, got " + type);
        }
    }

    /** w[o, i] += sign * scale * sum over r of b[o, r] * a[r, i], summed in double. */
    private void add(float[] w, Lora.Update update, int sign) {
        int rank = update.a().dim(0);
        int in = update.a().dim(1);
        float[] a = update.a().toArray();
        float[] b = update.b().toArray();
        workers.run(update.b().dim(0), o -> {
            var row = new double[in];
            for (int r = 0; r < rank; r++) {
                double factor = (double) sign * update.scale() * b[o * rank + r];
                for (int i = 0; i < in; i++) {
                    row[i] += factor * a[r * in + i];
                }
            }
            for (int i = 0; i < in; i++) {
                w[o * in + i] = (float) (w[o * in + i] + row[i]);
            }
        });
    }

    private void copyTheRest(Path out) throws IOException {
        try (var there = Files.list(model)) {
            for (Path file : there.filter(Files::isRegularFile).toList()) {
                Path to = out.resolve(file.getFileName());
                boolean side = file.toString().matches(".*\\.(json|jinja|model|md|txt)");
                if (side && !Files.exists(to)) {
                    Files.copy(file, to);
                }
            }
        }
    }
}
