package konsil.train.grpo;

import java.util.List;
import konsil.tensor.BadInputException;
import konsil.train.grpo.GroupSettings.Normalisation;
import konsil.train.optim.Schedule;

/**
 * Settings under a name, each of which an option can change.
 *
 * @param source where the numbers come from
 * @param differs what is not as there
 * @param vision whether the image tower gets adapters, too
 * @param warmUp share of all steps
 * @param batch questions of a step
 */
public record GroupPreset(
        String name,
        String source,
        List<String> differs,
        int rank,
        double alpha,
        boolean vision,
        double learningRate,
        Schedule.Shape shape,
        double warmUp,
        long steps,
        int batch,
        double clip,
        GroupSettings groups) {
    /** What is taken when nothing is said. */
    public static final GroupPreset PLAIN = new GroupPreset(
            "grpo",
            "Konsil",
            List.of(),
            16,
            16,
            false,
            1e-5,
            Schedule.Shape.LINEAR,
            0,
            200,
            4,
            1,
            new GroupSettings(8, 256, 1, 0.2, 0, 1, Normalisation.TOKEN));

    /** Google-Health/medgemma, notebooks/reinforcement_learning_with_hugging_face.ipynb. */
    public static final GroupPreset NOTEBOOK = new GroupPreset(
            "notebook",
            "Google-Health/medgemma, notebooks/reinforcement_learning_with_hugging_face.ipynb",
            List.of(
                    "the frozen matrices are as --quant says, there in bf16",
                    "the four answers to each of three questions make a step; there, 3 answers on a device times 4 "
                            + "accumulated, which are also 12",
                    "what the notebook leaves to TRL 0.23.1 (beta 0, temperature 1, epsilon 0.2, linear rate, clip 1, "
                            + "means over tokens) is set here to those values from memory, not read",
                    "adapters are in f32, there in bf16; answers are drawn by Konsil's engine, there by vLLM"),
            64,
            64,
            true,
            5e-6,
            Schedule.Shape.LINEAR,
            0,
            1700,
            3,
            1,
            new GroupSettings(4, 1024, 1, 0.2, 0, 1, Normalisation.TOKEN));

    public GroupPreset {
        differs = List.copyOf(differs);
    }

    /** All of them. */
    public static List<GroupPreset> all() {
        return List.of(PLAIN, NOTEBOOK);
    }

    /** @throws BadInputException when there is none of this name */
    public static GroupPreset named(String name) {
        return all().stream()
                .filter(preset -> preset.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException("preset: want one of %s"
                        .formatted(String.join(
                                ", ", all().stream().map(GroupPreset::name).toList()))));
    }
}
