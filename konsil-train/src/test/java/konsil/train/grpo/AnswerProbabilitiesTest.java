package konsil.train.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import konsil.medgemma.TokenSequence;
import konsil.tensor.TapeOps.Keeping;
import konsil.train.CrossEntropy;
import konsil.train.GoldenFolder;
import konsil.train.TestModel;
import konsil.train.gemma.Example;
import konsil.train.gemma.Lanes;
import konsil.train.gemma.LoraSubject;
import konsil.train.gemma.SoftTokenStore;
import konsil.train.lora.AdapterFile;
import org.junit.jupiter.api.Test;

final class AnswerProbabilitiesTest {
    private static final int VOCABULARY = 1024;

    private static Example example(TestModel open) {
        int[] ids = {2, 105, 300, 401, 17, 555, 90};
        int none = CrossEntropy.IGNORED;
        int[] labels = {none, none, 401, 17, 555, 90, none};
        return new Example(TokenSequence.of(open.model().config(), ids), List.of(), labels);
    }

    /** With an advantage of 1 and nothing else the objective is the cross-entropy, gradients included. */
    @Test
    void theWayBackIsTheCrossEntropys() throws IOException {
        var base = GoldenFolder.of("gemma3-a");
        try (var open = TestModel.open(base)) {
            var lora = AdapterFile.read(GoldenFolder.of("lora-a/init"), open.model());
            var plan = new Lanes.Plan(1, Keeping.LINK_INPUTS, 1L << 30);
            try (var subject = new LoraSubject(open.model(), lora, "base");
                    var lanes = new Lanes(
                            subject, open.kernels().kernels(), open.workers(), plan, new SoftTokenStore(1 << 20))) {
                var example = example(open);
                lanes.zero();
                var entropy = lanes.sum(List.of(Lanes.learn(example, 4, 0)), () -> false);
                var expected = lanes.gradients().values().stream()
                        .map(gradient -> gradient.toArray())
                        .toList();
                lanes.zero();
                var probabilities = new AnswerProbabilities(1, VOCABULARY, -1);
                var objective = new ClippedObjective(1, new double[0], new double[0], 0.2, 0, 0.25);
                OptionalDouble sum = lanes.sum(
                        List.of(Lanes.learn(example, 0, (lane, network, hidden, gradients) -> {
                            double[] forwards = probabilities.of(lane, network, hidden, example);
                            double[] logs =
                                    probabilities.back(lane, network, hidden, example, objective::slope, gradients);
                            assertThat(logs).isEqualTo(forwards).hasSize(4);
                            double mean = 0;
                            for (double log : logs) {
                                mean -= log / 4;
                            }
                            return mean;
                        })),
                        () -> false);
                assertThat(sum.getAsDouble()).isCloseTo(entropy.getAsDouble(), within(1e-6));
                int index = 0;
                for (var gradient : lanes.gradients().values()) {
                    near(gradient.toArray(), expected.get(index++));
                }
                assertThat(index).isEqualTo(112);
            }
        }
    }

    private static void near(float[] actual, float[] expected) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
        }
        assertThat(worst).isLessThanOrEqualTo(1e-4 * largest);
    }
}
