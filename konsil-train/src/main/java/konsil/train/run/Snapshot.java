package konsil.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.tensor.Tensor;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.FileType;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import konsil.train.optim.AdamW;
import konsil.train.optim.Learnable;

/**
 * The whole state of a run in one safetensors file, which appears whole or not at all: values of everything trained,
 * what the optimiser remembers, and the trainer's own numbers.
 */
public final class Snapshot {
    private static final String VALUE = "value/";
    private static final String MEAN = "mean/";
    private static final String SQUARE = "square/";
    private static final String STATE = "konsil_state";
    private static final String STEPS = "konsil_steps";

    private Snapshot() {}

    /** Writes the values alone, to go back to. */
    public static void writeValues(Path file, List<Learnable> learnables) throws IOException {
        SafetensorsWriter.write(file, values(learnables), Map.of());
    }

    /** Writes everything. @param state the trainer's own numbers */
    public static void write(Path file, List<Learnable> learnables, AdamW optimiser, Json state) throws IOException {
        var tensors = values(learnables);
        var steps = new LinkedHashMap<String, Json>();
        optimiser.state().forEach((name, memory) -> {
            long size = memory.mean().length;
            tensors.add(NewTensor.of(MEAN + name, FileType.F32, memory.mean(), size));
            tensors.add(NewTensor.of(SQUARE + name, FileType.F32, memory.square(), size));
            steps.put(name, new Json.Whole(memory.steps()));
        });
        var metadata = new LinkedHashMap<String, String>();
        metadata.put(STATE, state.write());
        metadata.put(STEPS, new Json.Obj(steps).write());
        SafetensorsWriter.write(file, tensors, metadata);
    }

    private static List<NewTensor> values(List<Learnable> learnables) {
        var tensors = new ArrayList<NewTensor>();
        for (var learnable : learnables) {
            long[] shape =
                    Arrays.stream(learnable.values().shape()).asLongStream().toArray();
            tensors.add(NewTensor.of(
                    VALUE + learnable.name(), FileType.F32, learnable.values().toArray(), shape));
        }
        return tensors;
    }

    /**
     * Takes values back.
     *
     * @throws BadFileException when the file is of another run
     */
    public static void readValues(Path file, List<Learnable> learnables) throws IOException {
        try (var checkpoint = Checkpoint.open(file)) {
            readValues(checkpoint, learnables);
        }
    }

    private static void readValues(Checkpoint checkpoint, List<Learnable> learnables) {
        for (var learnable : learnables) {
            learnable.values().copyFrom(floats(checkpoint, VALUE + learnable.name(), learnable.values()));
        }
    }

    private static float[] floats(Checkpoint checkpoint, String name, Tensor like) {
        if (!checkpoint.names().contains(name) || checkpoint.info(name).elements() != like.size()) {
            throw new BadFileException(
                    checkpoint.path(), name, "is not there in the size that is trained; it is of another run");
        }
        return checkpoint.f32(name);
    }

    /**
     * Takes everything back.
     *
     * @return the trainer's own numbers
     * @throws BadFileException when the file is of another run
     */
    public static Fields read(Path file, List<Learnable> learnables, AdamW optimiser) throws IOException {
        try (var checkpoint = Checkpoint.open(file)) {
            readValues(checkpoint, learnables);
            var steps = metadata(checkpoint, STEPS);
            var state = new LinkedHashMap<String, AdamW.State>();
            for (var learnable : learnables) {
                String name = learnable.name();
                state.put(
                        name,
                        new AdamW.State(
                                steps.wholeLong(name),
                                floats(checkpoint, MEAN + name, learnable.values()),
                                floats(checkpoint, SQUARE + name, learnable.values())));
            }
            optimiser.restore(state);
            return metadata(checkpoint, STATE);
        }
    }

    private static Fields metadata(Checkpoint checkpoint, String name) {
        String text = checkpoint.metadata().text(name, "");
        if (text.isEmpty()) {
            throw new BadFileException(checkpoint.path(), "holds no state of a run");
        }
        return Fields.of(checkpoint.path(), Json.parse(text, checkpoint.path(), JsonLimits.settings()));
    }
}
