package konsil.train.asr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import konsil.medasr.MedAsrConfig;
import konsil.medasr.TensorShapes;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import konsil.train.lora.Seeds;

/**
 * A model that knows nothing yet, as transformers begins one (PreTrainedModel._init_weights): matrices and convolutions
 * normally distributed, biases 0, norms 1, running statistics of mean 0 and variance 1.
 */
public final class FreshWeights {
    private static final String COUNT = "conv.norm.num_batches_tracked";

    private FreshWeights() {}

    /**
     * Writes a model in the published layout.
     *
     * @param from folder with config.json, and preprocessor_config.json and tokenizer where there are; no tensors
     * @param to another folder, made when it is not there
     * @param type F32 or BF16, of what has more than one size; the rest is F32
     * @throws konsil.tensor.file.BadFileException when config.json is of no LASR model
     * @throws IOException when the disk fails
     */
    public static void write(Path from, Path to, long seed, FileType type) throws IOException {
        Files.createDirectories(to);
        try (var settings = Checkpoint.openSettings(from)) {
            var config = MedAsrConfig.of(settings);
            double range = TrainingConstants.of(settings).initializerRange();
            var tensors = new ArrayList<NewTensor>();
            TensorShapes.of(config).forEach((name, shape) -> tensors.add(tensor(name, shape, range, seed, type)));
            for (int layer = 0; layer < config.encoder().layers(); layer++) {
                tensors.add(NewTensor.zeros("encoder.layers.%d.%s".formatted(layer, COUNT), FileType.I64));
            }
            for (String name : settings.files()) {
                Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
            SafetensorsWriter.write(to.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        }
    }

    private static NewTensor tensor(String name, List<Long> shape, double range, long seed, FileType type) {
        long size = shape.stream().reduce(1L, Math::multiplyExact);
        float[] values = new float[Math.toIntExact(size)];
        if (shape.size() > 1) {
            var random = new SplittableRandom(Seeds.of(seed, name));
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (range * random.nextGaussian());
            }
        } else if (name.endsWith(".weight") || name.endsWith("running_var")) {
            Arrays.fill(values, 1);
        }
        long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
        return NewTensor.of(name, shape.size() > 1 ? type : FileType.F32, values, sizes);
    }
}
