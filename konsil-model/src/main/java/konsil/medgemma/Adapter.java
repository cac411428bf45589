package konsil.medgemma;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import konsil.tensor.BadInputException;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;
import konsil.tensor.file.Arrangement;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.FileHash;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.Weight;
import konsil.tensor.file.Weights;

/**
 * A LoRA adapter as PEFT writes it (arXiv:2106.09685): a folder with adapter_config.json and adapter_model.safetensors.
 * Immutable; must stay open as long as a model that wears it.
 */
public final class Adapter implements AutoCloseable {
    private static final String CONFIG = "adapter_config.json";
    private static final String TENSORS = "adapter_model.safetensors";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    private static final String WRAPPER = "base_model.model.";

    private final Path folder;
    private final String sha256;
    private final Map<String, Update> updates;
    private final NativeMemory memory;

    /** What is added to one matrix. */
    private record Update(Tensor a, Tensor b, float scale) {}

    private Adapter(Path folder, String sha256, Map<String, Update> updates, NativeMemory memory) {
        this.folder = folder;
        this.sha256 = sha256;
        this.updates = updates;
        this.memory = memory;
    }

    /**
     * Reads an adapter.
     *
     * @param workers pack its matrices
     * @throws BadFileException when the folder holds none, it is damaged, or of a kind that is not read
     * @throws IOException when the disk fails
     */
    public static Adapter load(Path folder, Workers workers) throws IOException {
        for (String name : List.of(CONFIG, TENSORS)) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new BadFileException(folder, "want the folder of an adapter, with %s in it".formatted(name));
            }
        }
        Path settings = folder.resolve(CONFIG);
        var config = AdapterConfig.read(Fields.of(settings, Json.read(settings, JsonLimits.settings())));
        String hash = FileHash.sha256(folder.resolve(TENSORS), _ -> {});
        var memory = new NativeMemory();
        try (var file = Checkpoint.open(folder.resolve(TENSORS))) {
            return new Adapter(folder, hash, updates(file, config, new WeightPacker(workers), memory), memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private static Map<String, Update> updates(
            Checkpoint file, AdapterConfig config, WeightPacker packer, NativeMemory memory) {
        var weights = Weights.of(file);
        var packing = new Weight.Packing(WeightFormat.F32, packer, memory);
        record Pair(Weight a, Weight b, float scale) {}
        var pairs = new LinkedHashMap<String, Pair>();
        for (String name : file.names()) {
            if (!name.endsWith(A)) {
                continue;
            }
            String stem = name.substring(0, name.length() - A.length());
            String bare = stem.startsWith(WRAPPER) ? stem.substring(WRAPPER.length()) : stem;
            int rank = config.rank(bare);
            var a = weights.get(name, rank, columns(weights, name));
            var b = weights.get(stem + B, weights.has(stem + B) ? rows(weights, stem + B) : 1, rank);
            pairs.put(TensorNames.ofHuggingFace(bare), new Pair(a, b, config.scale(bare)));
        }
        weights.finish();
        var updates = new LinkedHashMap<String, Update>();
        pairs.forEach((matrix, pair) -> updates.put(
                matrix,
                new Update(
                        pair.a().matrixIn(Arrangement.OUT_FIRST, packing),
                        pair.b().matrixIn(Arrangement.OUT_FIRST, packing),
                        pair.scale())));
        return updates;
    }

    private static long rows(Weights weights, String name) {
        var shape = weights.shapeOf(name);
        return shape.isEmpty() ? 0 : shape.getFirst();
    }

    private static long columns(Weights weights, String name) {
        var shape = weights.shapeOf(name);
        return shape.isEmpty() ? 0 : shape.getLast();
    }

    /** Where it was read from. */
    public Path folder() {
        return folder;
    }

    /** SHA-256 of its tensors' file, in hex. */
    public String sha256() {
        return sha256;
    }

    /** How many matrices it changes. */
    public int matrices() {
        return updates.size();
    }

    Use use() {
        return new Use();
    }

    /** Puts the updates on a model's matrices and keeps account of those that found theirs. */
    final class Use {
        private final Set<String> found = new LinkedHashSet<>();

        /** @param matrix the published name, without ".weight" */
        Projection on(String matrix, Projection base) {
            var update = Optional.ofNullable(updates.get(matrix));
            update.ifPresent(_ -> found.add(matrix));
            return update.map(u -> on(matrix, base, u)).orElse(base);
        }

        private Projection on(String matrix, Projection base, Update u) {
            if (u.a().dim(1) != base.in() || u.b().dim(0) != base.out()) {
                throw new BadFileException(
                        folder,
                        matrix,
                        "the adapter is for a matrix of %d x %d, the model has %d x %d; it belongs to another model"
                                .formatted(u.b().dim(0), u.a().dim(1), base.out(), base.in()));
            }
            return new Projection.LowRank(base, u.a(), u.b(), u.scale());
        }

        /** @throws BadInputException when an update found no matrix */
        void finish() {
            var lost = new ArrayList<>(updates.keySet());
            lost.removeAll(found);
            if (!lost.isEmpty()) {
                throw new BadFileException(
                        folder,
                        lost.getFirst(),
                        "the model has no such matrix, nor %d more of %d; is the adapter for this model?"
                                .formatted(lost.size() - 1, updates.size()));
            }
        }
    }

    /** Gives its memory back; a model that wears it must not be used afterwards. */
    @Override
    public void close() {
        memory.close();
    }
}
