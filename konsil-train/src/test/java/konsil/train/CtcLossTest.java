package konsil.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konsil.kernel.KernelChoice.Kind;
import konsil.tensor.BadInputException;
import konsil.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CtcLossTest {
    private static final int VOCABULARY = 3;

    private final Bench v = new Bench(Kind.SCALAR, 1);

    @AfterEach
    void close() {
        v.close();
    }

    /** -log of the sum over all ways to write so many frames that collapse to the target. */
    private static double enumerated(float[] logits, int frames, int[] target, int blank) {
        double sum = 0;
        int ways = (int) Math.pow(VOCABULARY, frames);
        for (int way = 0; way < ways; way++) {
            double probability = 1;
            List<Integer> said = new ArrayList<>();
            int before = -1;
            for (int t = 0, code = way; t < frames; t++, code /= VOCABULARY) {
                int id = code % VOCABULARY;
                probability *= probability(logits, t, id);
                if (id != blank && id != before) {
                    said.add(id);
                }
                before = id;
            }
            if (said.equals(Arrays.stream(target).boxed().toList())) {
                sum += probability;
            }
        }
        return -Math.log(sum);
    }

    private static double probability(float[] logits, int t, int id) {
        double sum = 0;
        for (int i = 0; i < VOCABULARY; i++) {
            sum += Math.exp(logits[t * VOCABULARY + i]);
        }
        return Math.exp(logits[t * VOCABULARY + id]) / sum;
    }

    private static int[] ids(String text) {
        return text.isEmpty()
                ? new int[0]
                : Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    }

    @ParameterizedTest
    @CsvSource({"1,'',0", "1,1,0", "4,1 2,0", "5,1 1,0", "6,2 1 2,0", "3,1 1,0", "6,0 0 1,2", "5,'',1", "2,1 2,0"})
    void lossAndGradientAreThoseOfAllWaysCounted(int frames, String text, int blank) {
        int[] target = ids(text);
        Tensor logits = v.random(frames, VOCABULARY);
        Tensor gradient = v.space.tensor(frames, VOCABULARY);
        double length = Math.max(1, target.length);
        double loss = new CtcLoss(blank).loss(logits, target, 0.5, gradient);
        float[] x = logits.toArray();
        assertThat(loss).isCloseTo(0.5 * enumerated(x, frames, target, blank) / length, within(1e-6));
        for (int i = 0; i < x.length; i++) {
            float[] up = x.clone();
            float[] down = x.clone();
            up[i] += 1e-3f;
            down[i] -= 1e-3f;
            double slope = (enumerated(up, frames, target, blank) - enumerated(down, frames, target, blank))
                    / (up[i] - down[i]);
            assertThat((double) gradient.toArray()[i]).isCloseTo(0.5 * slope / length, within(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1 2", "2,1 1", "4,1 1 1"})
    void targetsThatDoNotFitCountForNothing(int frames, String text) {
        Tensor gradient = v.random(frames, VOCABULARY);
        assertThat(new CtcLoss(0).loss(v.random(frames, VOCABULARY), ids(text), 1, gradient))
                .isZero();
        assertThat(gradient.toArray()).containsOnly(0f);
    }

    @Test
    void gradientMayTakeTheLogitsPlaceAndLongInputsStayFinite() {
        Tensor logits = v.random(3000, VOCABULARY);
        int[] target = new int[1000];
        for (int i = 0; i < target.length; i++) {
            target[i] = 1 + i % 2;
        }
        Tensor apart = v.space.tensor(3000, VOCABULARY);
        double loss = new CtcLoss(0).loss(logits, target, 1, apart);
        assertThat(loss).isFinite().isPositive();
        assertThat(new CtcLoss(0).loss(logits, target, 1, logits)).isEqualTo(loss);
        assertThat(logits.toArray()).isEqualTo(apart.toArray());
        double sum = 0;
        for (float g : apart.toArray()) {
            sum += g;
        }
        assertThat(sum).isCloseTo(0, within(1e-4));
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "-1"})
    void idsThatAreNoTokensAreRefused(int id) {
        Tensor logits = v.random(4, VOCABULARY);
        assertThatThrownBy(() -> new CtcLoss(0).loss(logits, new int[] {1, id}, 1, logits))
                .isInstanceOf(BadInputException.class)
                .hasMessage("ctc: target id %d, want 0 to 2 without the blank 0".formatted(id));
    }
}
