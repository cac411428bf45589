package konsil.train.sft;

import java.util.List;
import konsil.tensor.BadInputException;
import konsil.train.data.Masking;
import konsil.train.optim.Schedule;

/**
 * Settings under a name, each of which an option can change.
 *
 * @param source where the numbers come from
 * @param differs what is not as there
 * @param full whether all of the model is trained, not an adapter
 * @param vision whether the image tower gets adapters, too
 * @param warmUp share of all steps
 * @param epochs how often each example is seen
 */
public record Preset(
        String name,
        String source,
        List<String> differs,
        boolean full,
        int rank,
        double alpha,
        double dropout,
        boolean vision,
        double learningRate,
        Schedule.Shape shape,
        double warmUp,
        double epochs,
        int batch,
        double clip,
        double weightDecay,
        Masking masking) {
    /** What is taken when nothing is said. */
    public static final Preset LORA = new Preset(
            "lora",
            "Konsil",
            List.of(),
            false,
            16,
            16,
            0.05,
            false,
            2e-4,
            Schedule.Shape.COSINE,
            0.03,
            1,
            8,
            1,
            0,
            Masking.ANSWER);

    /** Google-Health/medgemma, notebooks/fine_tune_with_hugging_face.ipynb. */
    public static final Preset NOTEBOOK = new Preset(
            "notebook",
            "Google-Health/medgemma, notebooks/fine_tune_with_hugging_face.ipynb",
            List.of(
                    "the frozen matrices are as --quant says, there in 4 bits (NF4)",
                    "the embedding and the output are not trained, there they are (modules_to_save)",
                    "a text begins with one <bos>, there with two",
                    "every learnt token of a step counts the same, there each group of 4 examples does",
                    "adapters are in f32, there in bf16; dropout draws other values"),
            false,
            16,
            16,
            0.05,
            true,
            2e-4,
            Schedule.Shape.LINEAR,
            0.03,
            1,
            16,
            0.3,
            0,
            Masking.ALL);

    /** For small models that know nothing yet. */
    public static final Preset SCRATCH = new Preset(
            "scratch",
            "Konsil",
            List.of(),
            true,
            16,
            16,
            0,
            true,
            1e-3,
            Schedule.Shape.COSINE,
            0.05,
            10,
            16,
            1,
            0.01,
            Masking.ANSWER);

    public Preset {
        differs = List.copyOf(differs);
    }

    /** All of them. */
    public static List<Preset> all() {
        return List.of(LORA, NOTEBOOK, SCRATCH);
    }

    /** @throws BadInputException when there is none of this name */
    public static Preset named(String name) {
        return all().stream()
                .filter(preset -> preset.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException("preset: want one of %s"
                        .formatted(String.join(
                                ", ", all().stream().map(Preset::name).toList()))));
    }
}
