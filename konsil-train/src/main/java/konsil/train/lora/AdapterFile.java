package konsil.train.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import konsil.kernel.NativeMemory;
import konsil.medgemma.AdapterConfig;
import konsil.medgemma.MedGemma;
import konsil.tensor.Tensor;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.FileType;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import konsil.tensor.file.Weights;
import konsil.train.run.WholeFile;

/** The two files in which PEFT 0.21 keeps an adapter: adapter_config.json and adapter_model.safetensors. */
public final class AdapterFile {
    private static final String CONFIG = "adapter_config.json";
    private static final String TENSORS = "adapter_model.safetensors";
    private static final String WRAPPER = "base_model.model.";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private AdapterFile() {}

    static String a(Matrix matrix) {
        return WRAPPER + matrix.module() + A;
    }

    static String b(Matrix matrix) {
        return WRAPPER + matrix.module() + B;
    }

    /**
     * Writes an adapter; each file appears whole or not at all, the one with the tensors last.
     *
     * @param folder made when it is not there
     * @param base what the model is called
     */
    public static void write(Lora lora, Path folder, String base) throws IOException {
        Files.createDirectories(folder);
        WholeFile.write(folder.resolve(CONFIG), config(lora, base).writeIndented());
        var tensors = new ArrayList<NewTensor>();
        for (var learnable : lora.learnables()) {
            tensors.add(tensor(learnable.name(), learnable.values()));
        }
        SafetensorsWriter.write(folder.resolve(TENSORS), tensors, Map.of("format", "pt"));
    }

    private static NewTensor tensor(String name, Tensor values) {
        return NewTensor.of(name, FileType.F32, values.toArray(), values.dim(0), values.dim(1));
    }

    private static Json config(Lora lora, String base) {
        var settings = lora.settings();
        var fields = new LinkedHashMap<String, Json>();
        fields.put("base_model_name_or_path", new Json.Text(base));
        fields.put("bias", new Json.Text("none"));
        fields.put("fan_in_fan_out", new Json.Flag(false));
        fields.put("inference_mode", new Json.Flag(true));
        fields.put("init_lora_weights", new Json.Flag(true));
        fields.put("lora_alpha", new Json.Real(settings.alpha()));
        fields.put("lora_dropout", new Json.Real(settings.dropout()));
        fields.put("modules_to_save", new Json.Null());
        fields.put("peft_type", new Json.Text("LORA"));
        fields.put("r", new Json.Whole(settings.rank()));
        fields.put(
                "target_modules",
                settings.targets().written(leaves(lora, Matrix.Part.TEXT), leaves(lora, Matrix.Part.VISION)));
        if (settings.targets() instanceof Targets.AsRead read) {
            fields.put("rank_pattern", read.ranks());
            fields.put("alpha_pattern", read.alphas());
        }
        fields.put("task_type", new Json.Text("CAUSAL_LM"));
        fields.put("use_dora", new Json.Flag(false));
        fields.put("use_rslora", new Json.Flag(settings.rankStabilised()));
        return new Json.Obj(fields);
    }

    private static List<String> leaves(Lora lora, Matrix.Part part) {
        var leaves = new TreeSet<String>();
        lora.updates().keySet().stream()
                .filter(matrix -> matrix.part() == part)
                .forEach(matrix -> leaves.add(matrix.leaf()));
        return List.copyOf(leaves);
    }

    /**
     * Reads an adapter to go on training it.
     *
     * @throws BadFileException when the folder holds none, or it belongs to another model
     * @throws IOException when the disk fails
     */
    public static Lora read(Path folder, MedGemma model) throws IOException {
        var memory = new NativeMemory();
        try {
            var updates = updates(folder, sizes(model), memory);
            Path file = folder.resolve(CONFIG);
            var json = Json.read(file, JsonLimits.settings());
            var config = AdapterConfig.read(Fields.of(file, json));
            var fields = Fields.of(file, json);
            double dropout = fields.real("lora_dropout", 0);
            var settings =
                    new LoraSettings(config.rank(), config.alpha(), config.rankStabilised(), dropout, asRead(fields));
            return new Lora(settings, updates, memory);
        } catch (IOException | RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private static Targets asRead(Fields fields) {
        Json nothing = new Json.Obj(new LinkedHashMap<>());
        return new Targets.AsRead(
                fields.find("target_modules").orElse(new Json.Null()),
                fields.find("rank_pattern").orElse(nothing),
                fields.find("alpha_pattern").orElse(nothing));
    }

    /** Of a matrix of the model. */
    record Size(int out, int in) {}

    private static Map<Matrix, Size> sizes(MedGemma model) {
        var sizes = new LinkedHashMap<Matrix, Size>();
        Lora.all(model).forEach((matrix, base) -> sizes.put(matrix, new Size(base.out(), base.in())));
        return sizes;
    }

    /** The updates in an adapter's folder, for a model with matrices of these sizes. */
    static Map<Matrix, Lora.Update> updates(Path folder, Map<Matrix, Size> bases, NativeMemory memory)
            throws IOException {
        Path settings = folder.resolve(CONFIG);
        if (!Files.isRegularFile(settings) || !Files.isRegularFile(folder.resolve(TENSORS))) {
            throw new BadFileException(
                    folder, "want the folder of an adapter, with %s and %s".formatted(CONFIG, TENSORS));
        }
        var config = AdapterConfig.read(Fields.of(settings, Json.read(settings, JsonLimits.settings())));
        try (var file = Checkpoint.open(folder.resolve(TENSORS))) {
            return updates(file, config, bases, memory);
        }
    }

    private static Map<Matrix, Lora.Update> updates(
            Checkpoint file, AdapterConfig config, Map<Matrix, Size> bases, NativeMemory memory) {
        var weights = Weights.of(file);
        var updates = new LinkedHashMap<Matrix, Lora.Update>();
        for (String name : file.names()) {
            if (!name.endsWith(A)) {
                continue;
            }
            String module = name.substring(0, name.length() - A.length());
            var matrix = Matrix.of(module).filter(bases::containsKey);
            if (matrix.isEmpty()) {
                throw new BadFileException(file.path(), name, "the model has no such matrix; is the adapter for it?");
            }
            var base = bases.get(matrix.get());
            int rank = config.rank(matrix.get().module());
            var a = weights.get(name, rank, base.in());
            var b = weights.get(module + B, base.out(), rank);
            updates.put(
                    matrix.get(),
                    new Lora.Update(
                            Tensor.of(memory, a.values(), rank, base.in()),
                            Tensor.of(memory, b.values(), base.out(), rank),
                            config.scale(matrix.get().module())));
        }
        weights.finish();
        return updates;
    }
}
