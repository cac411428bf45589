package konsil.train.asr;

import java.util.List;
import konsil.tensor.BadInputException;
import konsil.train.optim.Schedule;

/**
 * Settings under a name, each of which an option can change.
 *
 * @param source where the numbers come from
 * @param differs what is not as there
 * @param fresh whether the model begins with random weights
 * @param batchStatistics whether batch norms take the statistics of the batch and running ones go on
 * @param warmUp share of all steps
 * @param epochs how often each clip is heard
 */
public record SpeechPreset(
        String name,
        String source,
        List<String> differs,
        boolean fresh,
        boolean batchStatistics,
        double learningRate,
        Schedule.Shape shape,
        double warmUp,
        double epochs,
        int batch,
        double clip,
        double weightDecay,
        Augmentation sound,
        SpecAugment features) {
    /** What is taken when nothing is said: a published model learns a voice or a vocabulary. */
    public static final SpeechPreset TUNE = new SpeechPreset(
            "tune",
            "Konsil",
            List.of(),
            false,
            false,
            3e-5,
            Schedule.Shape.LINEAR,
            0.1,
            5,
            16,
            1,
            0,
            new Augmentation(0.1, 0.3, 40, 15, 6),
            new SpecAugment(2, 40, 0.1, 2, 15));

    /** Google-Health/medasr, notebooks/fine_tune_with_hugging_face.ipynb. */
    public static final SpeechPreset NOTEBOOK = new SpeechPreset(
            "notebook",
            "Google-Health/medasr, notebooks/fine_tune_with_hugging_face.ipynb",
            List.of(
                    "no dropout and no layer drop, there 0.1 each by the model's class",
                    "batch norms see the frames of clips alone, there those of padding, too",
                    "clips are run side by side without padding and come in random order, there grouped by length",
                    "the warm-up is a share of all steps, there 300 steps",
                    "everything is computed in f32, there in bf16"),
            false,
            true,
            3e-5,
            Schedule.Shape.LINEAR,
            0.1,
            35,
            32,
            1,
            0,
            Augmentation.NONE,
            SpecAugment.NONE);

    /** For small models that know nothing yet. */
    public static final SpeechPreset SCRATCH = new SpeechPreset(
            "scratch",
            "Konsil",
            List.of(),
            true,
            true,
            1e-3,
            Schedule.Shape.COSINE,
            0.1,
            40,
            16,
            1,
            0.01,
            new Augmentation(0.1, 0.3, 40, 15, 6),
            new SpecAugment(2, 40, 0.1, 2, 15));

    public SpeechPreset {
        differs = List.copyOf(differs);
    }

    /** All of them. */
    public static List<SpeechPreset> all() {
        return List.of(TUNE, NOTEBOOK, SCRATCH);
    }

    /** @throws BadInputException when there is none of this name */
    public static SpeechPreset named(String name) {
        return all().stream()
                .filter(preset -> preset.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException("preset: want one of %s"
                        .formatted(String.join(
                                ", ", all().stream().map(SpeechPreset::name).toList()))));
    }
}
