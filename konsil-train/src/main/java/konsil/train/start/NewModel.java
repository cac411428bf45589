package konsil.train.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import konsil.medasr.MedAsrConfig;
import konsil.medgemma.MedGemmaConfig;
import konsil.medgemma.TensorShapes;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import konsil.train.asr.FreshWeights;

/** A folder in the published layout with random weights, for training a model of one's own from nothing. */
public final class NewModel {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String ASR = "lasr_ctc";
    private static final long MOST_NUMBERS = 1L << 31;

    private NewModel() {}

    /**
     * Draws the weights of a configuration and writes them beside copies of its settings.
     *
     * @param settings folder with config.json, of MedGemma's or MedASR's family, and whatever else belongs to the model
     *     (tokenizer.json, preprocessor_config.json); weights in it are not looked at
     * @param type F32, BF16 or F16: how they are stored, and later results of training too
     * @param out a new or empty folder
     * @return numbers of the network
     * @throws BadFileException when the configuration cannot be used
     * @throws BadInputException when {@code out} holds something already, or the network is too large for this
     */
    public static long write(Path settings, long seed, FileType type, Path out) throws IOException {
        requireNew(out);
        try (var checkpoint = Checkpoint.openSettings(settings)) {
            var shapes = shapes(checkpoint);
            long numbers = shapes.values().stream().mapToLong(NewModel::product).sum();
            if (numbers > MOST_NUMBERS) {
                throw new BadInputException(
                        "%s: want a network of at most %d numbers to begin with, got %d; tune a larger one instead"
                                .formatted(settings, MOST_NUMBERS, numbers));
            }
            if (asr(checkpoint)) {
                FreshWeights.write(settings, out, seed, type);
                return numbers;
            }
            Files.createDirectories(out);
            for (String name : checkpoint.files()) {
                Files.copy(settings.resolve(name), out.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
            writeWeights(shapes, new RandomWeights(seed), type, out.resolve(WEIGHTS));
            return numbers;
        }
    }

    private static void requireNew(Path out) throws IOException {
        if (Files.isDirectory(out)) {
            try (var inside = Files.list(out)) {
                if (inside.findAny().isEmpty()) {
                    return;
                }
            }
        }
        if (Files.exists(out)) {
            throw new BadInputException("%s: want a new or empty folder, something is there".formatted(out));
        }
    }

    private static boolean asr(Checkpoint checkpoint) {
        var fields = checkpoint
                .settings(CONFIG)
                .orElseThrow(() -> new BadFileException(checkpoint.path(), "want a folder with config.json in it"));
        return fields.has("model_type") && fields.text("model_type").equals(ASR);
    }

    private static SequencedMap<String, List<Long>> shapes(Checkpoint checkpoint) {
        return asr(checkpoint)
                ? konsil.medasr.TensorShapes.of(MedAsrConfig.of(checkpoint))
                : TensorShapes.of(MedGemmaConfig.of(checkpoint));
    }

    private static void writeWeights(
            SequencedMap<String, List<Long>> shapes, RandomWeights random, FileType type, Path file)
            throws IOException {
        var tensors = new ArrayList<NewTensor>();
        for (var tensor : shapes.entrySet()) {
            var shape = tensor.getValue();
            float[] values = random.of(tensor.getKey(), shape);
            long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
            tensors.add(NewTensor.of(tensor.getKey(), type, values, sizes));
        }
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
    }

    private static long product(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
