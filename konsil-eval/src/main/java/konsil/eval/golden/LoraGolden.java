package konsil.eval.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.train.optim.AdamWSettings;

/**
 * A golden directory of a fine-tuning run with PEFT and torch's AdamW: {@code init/} and {@code final/} are the adapter
 * before and after, {@code grads_step0.safetensors} its first gradients, {@code steps.json} the settings and, for each
 * step, its example, loss and gradient norm before clipping. Examples are cases of the base model's golden directory,
 * each followed by an answer; only the answer is learnt.
 *
 * @param settings of the optimiser
 * @param bound of the gradient norm
 */
public record LoraGolden(Path folder, AdamWSettings settings, double bound, List<Step> steps) implements GoldenLayout {
    private static final String STEPS = "steps.json";
    private static final String GRADIENTS = "grads_step0.safetensors";
    private static final String TENSORS = "adapter_model.safetensors";
    private static final int MOST_STEPS = 10_000;

    public LoraGolden {
        steps = List.copyOf(steps);
    }

    /**
     * One step.
     *
     * @param name of the case
     * @param answer empty when it is known by its ids alone
     * @param answerIds what follows the case's prompt
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Step(String name, String answer, int[] answerIds, double learningRate, double loss, double gradientNorm) {}

    static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(STEPS));
    }

    static LoraGolden open(Path folder) throws IOException {
        Path file = folder.resolve(STEPS);
        var fields = Fields.of(file, Json.read(file, CasesFile.LIMITS));
        var betas = fields.list("betas");
        if (betas.size() != 2) {
            throw fields.wrong("betas", "want two numbers");
        }
        var settings = new AdamWSettings(
                number(fields, betas.getFirst()),
                number(fields, betas.getLast()),
                fields.real("eps"),
                fields.real("weight_decay"));
        double learningRate = fields.real("lr");
        var steps = new ArrayList<Step>();
        for (var item : fields.list("steps")) {
            steps.add(step(Fields.of(file, item), learningRate));
        }
        if (steps.isEmpty() || steps.size() > MOST_STEPS) {
            throw fields.wrong("steps", "want 1 to %d, got %d".formatted(MOST_STEPS, steps.size()));
        }
        return new LoraGolden(folder, settings, fields.real("max_grad_norm", Double.POSITIVE_INFINITY), steps);
    }

    private static double number(Fields fields, Json beta) {
        return switch (beta) {
            case Json.Real(double value) -> value;
            case Json.Whole(long value) -> value;
            default -> throw fields.wrong("betas", "want numbers, got " + beta.kind());
        };
    }

    private static Step step(Fields fields, double learningRate) {
        return new Step(
                CasesFile.plainName(fields, "case", fields.text("case")),
                fields.text("answer", ""),
                CasesFile.ids(fields, "answer_ids", fields.list("answer_ids")),
                fields.real("lr", learningRate),
                fields.real("loss"),
                fields.real("grad_norm"));
    }

    @Override
    public String name() {
        return "lora";
    }

    /** The adapter before the first step. */
    Path start() {
        return folder.resolve("init");
    }

    /**
     * Where the cases of the base model are: in its own folder, or beside this directory in one of the model's name.
     *
     * @throws BadFileException when there are none
     */
    Path cases(Path model) throws IOException {
        Path settings = start().resolve("adapter_config.json");
        String base = Fields.of(settings, Json.read(settings, CasesFile.LIMITS)).text("base_model_name_or_path", "");
        String name = base.substring(base.lastIndexOf('/') + 1);
        var places = new ArrayList<Path>(List.of(model, folder));
        if (name.matches("[A-Za-z0-9._-]+") && !name.startsWith(".")) {
            places.add(folder.toAbsolutePath().resolveSibling(name));
        }
        for (var place : places) {
            if (Files.isRegularFile(place.resolve(CasesFile.NAME))) {
                return place;
            }
        }
        throw new BadFileException(
                folder, "its examples are cases of the base model; want %s beside the model".formatted(CasesFile.NAME));
    }

    /** The first gradients, by the names of an adapter's file; none when the directory lacks them. */
    Map<String, float[]> gradients() throws IOException {
        return values(folder.resolve(GRADIENTS));
    }

    /** The adapter after the last step, by the names of its file; none when the directory lacks it. */
    Map<String, float[]> end() throws IOException {
        return values(folder.resolve("final").resolve(TENSORS));
    }

    private static Map<String, float[]> values(Path file) throws IOException {
        var values = new TreeMap<String, float[]>();
        if (Files.isRegularFile(file)) {
            try (var tensors = Checkpoint.open(file)) {
                tensors.names().forEach(name -> values.put(name.replace(".default.", "."), tensors.f32(name)));
            }
        }
        return values;
    }

    @Override
    public void close() {
        // nothing stays open
    }
}
