package konsil.train.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import konsil.kernel.KernelChoice.Kind;
import konsil.tensor.TapeOps.Keeping;
import konsil.train.optim.AdamWSettings;
import konsil.train.optim.Schedule;
import konsil.train.run.Outcome;
import konsil.train.run.RunFolder;
import konsil.train.run.RunListener;
import konsil.train.run.RunSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpeechTuningTest {
    private static final int STEPS = 5;

    @TempDir
    Path folder;

    /** Half a second of a tone that rises, another one in each clip. */
    private static Dictation clip(int which) {
        float[] samples = new float[9000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.3 * Math.sin((0.05 + 0.02 * which) * i + 1e-6 * i * i));
        }
        return new Dictation(samples::clone, samples.length, new int[] {10 + which, 2}, "e");
    }

    private static final List<Dictation> CLIPS = List.of(clip(0), clip(1), clip(2));

    private static SpeechTuning.Plan plan(double together, OptionalDouble momentum, Augmentation sound) {
        return new SpeechTuning.Plan(sound, SpecAugment.NONE, together, momentum, (references, heard) -> {
            assertThat(references).hasSameSizeAs(heard);
            return heard.stream().mapToInt(String::length).sum();
        });
    }

    private Outcome run(String name, SpeechTuning.Plan plan, BooleanSupplier stop) throws IOException {
        var schedule = new Schedule(Schedule.Shape.CONSTANT, 1e-3, 0, STEPS);
        var settings = new RunSettings(schedule, 2, AdamWSettings.TORCH, 1, 2, 100, 0, 3);
        try (var small = new SmallSpeech(Kind.MACHINE)) {
            var run = new SpeechTuning.Run(
                    new SpeechTuning.Data(CLIPS, CLIPS), RunFolder.open(folder.resolve(name), Map.of(), true));
            var learner = small.learner(Keeping.STEPS);
            try (var tuning = new SpeechTuning(small.subject, learner, small.engine, settings, plan, run)) {
                return tuning.run(RunListener.SILENT, stop);
            }
        }
    }

    private List<String> metrics(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name).resolve("metrics.jsonl"));
    }

    /** Wherever it is stopped, also between two batches of a step, it goes on with the same numbers. */
    @Test
    void aStoppedRunGoesOnWithTheNumbersOfOneThatWasNot() throws IOException {
        for (var momentum : List.of(OptionalDouble.empty(), OptionalDouble.of(0.1))) {
            var plan = plan(0.5, momentum, new Augmentation(0.1, 0.5, 30, 10, 3));
            assertThat(run("whole" + momentum, plan, () -> false).result()).isPresent();
            String stopped = "stopped" + momentum;
            var stops = new ArrayList<Long>();
            for (int round = 0; round < 50; round++) {
                var asked = new AtomicInteger();
                var outcome = run(stopped, plan, () -> asked.incrementAndGet() > 4);
                stops.add(outcome.steps());
                if (outcome.result().isPresent()) {
                    break;
                }
            }
            assertThat(stops).hasSizeBetween(2, 10).last().isEqualTo((long) STEPS);
            assertThat(metrics(stopped)).isEqualTo(metrics("whole" + momentum));
            String file = "model/model.safetensors";
            assertThat(Files.mismatch(
                            folder.resolve(stopped).resolve(file),
                            folder.resolve("whole" + momentum).resolve(file)))
                    .isEqualTo(-1);
        }
    }

    /** With running statistics clips do not depend on their neighbours. */
    @Test
    void itDoesNotMatterHowManyClipsRunSideBySide() throws IOException {
        var apart = run("apart", plan(0.1, OptionalDouble.empty(), Augmentation.NONE), () -> false);
        var together = run("together", plan(10, OptionalDouble.empty(), Augmentation.NONE), () -> false);
        assertThat(together.last().orElseThrow()).isCloseTo(apart.last().orElseThrow(), within(1e-3));
        assertThat(together.steps()).isEqualTo(STEPS);
    }
}
