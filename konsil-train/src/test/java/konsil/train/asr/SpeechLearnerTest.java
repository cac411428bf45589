package konsil.train.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import konsil.kernel.KernelChoice.Kind;
import konsil.medasr.LogMel;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;
import konsil.tensor.file.Json;
import konsil.tensor.file.JsonLimits;
import konsil.tensor.file.Parameters.Parameter;
import konsil.tensor.file.Parameters.Role;
import konsil.train.GoldenFolder;
import konsil.train.asr.SpeechLearner.Heard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SpeechLearnerTest {
    private static final int[] TEXT = {5, 9, 9, 30, 2};

    private static List<Heard> clips() throws IOException {
        float[] a = SmallSpeech.features("dictation_a");
        float[] b = SmallSpeech.features("dictation_b");
        // lengths that are no multiples of the subsampler's step
        return List.of(
                new Heard(Arrays.copyOf(a, 101 * LogMel.BINS), TEXT),
                new Heard(Arrays.copyOf(b, 78 * LogMel.BINS), new int[] {7, 8}),
                new Heard(Arrays.copyOf(a, 55 * LogMel.BINS), new int[] {11, 3, 2}));
    }

    /** To the bit where sums over keys do not depend on where the keys lie; within their rounding elsewhere. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aClipInABatchIsAsItIsAlone(Kind kind) throws IOException {
        try (var small = new SmallSpeech(kind)) {
            var learner = small.learner(Keeping.STEPS);
            var together =
                    learner.logits(clips()).stream().map(t -> t.toArray()).toList();
            for (int i = 0; i < together.size(); i++) {
                float[] alone =
                        learner.logits(List.of(clips().get(i))).getFirst().toArray();
                assertThat(distance(together.get(i), alone)).isLessThanOrEqualTo(kind == Kind.SCALAR ? 0 : 1e-6);
            }
        }
    }

    @Test
    void gradientsOfABatchAreThoseOfItsClipsAddedUp() throws IOException {
        try (var small = new SmallSpeech(Kind.MACHINE)) {
            var learner = small.learner(Keeping.STEPS);
            double loss = learner.learn(clips(), small.sums);
            var together = small.published();
            small.zero();
            double sum = 0;
            for (var clip : clips()) {
                sum += learner.learn(List.of(clip), 3, Optional.empty(), small.sums);
            }
            assertThat(loss).isCloseTo(sum, within(1e-6 * sum));
            near(small.published(), together, 1e-4);
        }
    }

    private static void near(Map<String, float[]> actual, Map<String, float[]> wanted, double tolerance) {
        assertThat(actual.keySet()).containsAll(wanted.keySet());
        wanted.forEach((name, values) ->
                assertThat(distance(actual.get(name), values)).as(name).isLessThan(tolerance));
    }

    /** The largest difference, relative to the largest value. */
    private static double distance(float[] actual, float[] wanted) {
        assertThat(actual).hasSameSizeAs(wanted);
        double worst = 0;
        double largest = 1e-20;
        for (int i = 0; i < wanted.length; i++) {
            worst = Math.max(worst, Math.abs((double) actual[i] - wanted[i]));
            largest = Math.max(largest, Math.abs((double) wanted[i]));
        }
        return worst / largest;
    }

    /** Loss, gradients through batch norms of the batch, and running statistics after it, against torch. */
    @ParameterizedTest
    @EnumSource(Keeping.class)
    void trainingModeIsThatOfTorch(Keeping keeping) throws IOException {
        Map<String, float[]> torch = new LinkedHashMap<>();
        Map<String, float[]> after = new LinkedHashMap<>();
        double loss;
        try (var file = Checkpoint.open(GoldenFolder.of("train-lasr").resolve("train.safetensors"))) {
            file.names().stream()
                    .filter(name -> name.startsWith("grad."))
                    .forEach(name -> torch.put(name.substring("grad.".length()), file.f32(name)));
            file.names().stream()
                    .filter(name -> name.startsWith("after."))
                    .forEach(name -> after.put(name.substring("after.".length()), file.f32(name)));
            loss = file.f32("loss")[0];
        }
        assertThat(torch).hasSizeGreaterThan(5);
        try (var small = new SmallSpeech(Kind.MACHINE);
                var statistics = new RunningStatistics(small.model.network(), 0.01)) {
            var clip = new Heard(SmallSpeech.features("dictation_a"), Cases.reference("dictation_a"));
            double mine = small.learner(keeping).learn(List.of(clip), 1, Optional.of(statistics), small.sums);
            assertThat(mine).isCloseTo(loss, within(1e-4 * loss));
            near(small.published(), torch, 2e-3);
            var running = new LinkedHashMap<String, float[]>();
            small.model.parameters().all().stream()
                    .filter(p -> p.role() == Role.STATISTIC)
                    .forEach(p -> running.put(p.name(), p.published()));
            assertThat(running.keySet()).containsExactlyInAnyOrderElementsOf(after.keySet());
            near(running, after, 1e-5);
        }
    }

    @Test
    void runningStatisticsStayAsTheyAreUnlessTheyAreToMove() throws IOException {
        try (var small = new SmallSpeech(Kind.MACHINE)) {
            var before = small.model.parameters().all().stream()
                    .map(Parameter::published)
                    .toList();
            small.learner(Keeping.STEPS).learn(clips(), small.sums);
            var after = small.model.parameters().all().stream()
                    .map(Parameter::published)
                    .toList();
            for (int i = 0; i < before.size(); i++) {
                assertThat(after.get(i)).isEqualTo(before.get(i));
            }
        }
    }

    /** Ids of golden cases. */
    private static final class Cases {
        static int[] reference(String name) throws IOException {
            Path file = SmallSpeech.FOLDER.resolve("cases.json");
            var limits = new JsonLimits(16 << 20, 16, 1 << 20, 1_000_000);
            var items = ((Json.Arr) Json.read(file, limits)).items();
            for (var item : items) {
                var fields = Fields.of(file, item);
                if (fields.text("name").equals(name)) {
                    return fields.list("ctc_ref_ids").stream()
                            .mapToInt(id -> (int) ((Json.Whole) id).value())
                            .toArray();
                }
            }
            throw new IllegalStateException(name);
        }
    }
}
