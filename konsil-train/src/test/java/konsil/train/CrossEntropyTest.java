package konsil.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import konsil.kernel.KernelChoice.Kind;
import konsil.tensor.BadInputException;
import konsil.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CrossEntropyTest {
    private static final int IGNORED = CrossEntropy.IGNORED;

    private final Bench v = new Bench(Kind.VECTOR, 2);
    private final CrossEntropy loss = new CrossEntropy(v.engine);

    @AfterEach
    void close() {
        v.close();
    }

    private static double logSum(float[] logits, int row, int vocabulary) {
        double sum = 0;
        for (int i = 0; i < vocabulary; i++) {
            sum += Math.exp(logits[row * vocabulary + i]);
        }
        return Math.log(sum);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 19, 9001})
    void lossAndGradientAreThoseOfTheDefinition(int vocabulary) {
        int[] labels = {1, IGNORED, vocabulary - 1, 0};
        Tensor logits = v.random(4, vocabulary);
        Tensor gradient = v.space.tensor(4, vocabulary);
        double actual = loss.loss(logits, labels, 3, gradient);
        float[] x = logits.toArray();
        double wanted = 0;
        for (int row = 0; row < 4; row++) {
            double logSum = logSum(x, row, vocabulary);
            wanted += labels[row] == IGNORED ? 0 : (logSum - x[row * vocabulary + labels[row]]) / 3;
            for (int i = 0; i < vocabulary; i++) {
                double p = Math.exp(x[row * vocabulary + i] - logSum);
                double slope = labels[row] == IGNORED ? 0 : (p - (labels[row] == i ? 1 : 0)) / 3;
                assertThat((double) gradient.rows().get(row, i)).isCloseTo(slope, within(1e-6));
            }
        }
        assertThat(actual).isCloseTo(wanted, within(1e-6));
    }

    @Test
    void gradientMayTakeTheLogitsPlace() {
        Tensor logits = v.random(3, 50);
        Tensor apart = v.space.tensor(3, 50);
        int[] labels = {3, 49, IGNORED};
        double value = loss.loss(logits, labels, 1, apart);
        assertThat(loss.loss(logits, labels, 1, logits)).isEqualTo(value);
        assertThat(logits.toArray()).isEqualTo(apart.toArray());
    }

    @Test
    void certaintyAndLargeLogitsStayFinite() {
        Tensor logits = Tensor.of(v.memory, new float[] {1e4f, -1e4f, 0, 0, 80, -80}, 2, 3);
        Tensor gradient = v.space.tensor(2, 3);
        double value = loss.loss(logits, new int[] {0, 2}, 1, gradient);
        assertThat(value).isCloseTo(160, within(1e-3));
        assertThat(gradient.toArray()).containsExactly(new float[] {0, 0, 0, 0, 1, -1}, within(1e-30f));
    }

    @Test
    void nothingThatCountsIsNoLoss() {
        Tensor logits = v.random(2, 5);
        Tensor gradient = v.random(2, 5);
        var labels = CrossEntropy.Labels.mean(new int[] {IGNORED, IGNORED});
        assertThat(loss.loss(logits, labels.ids(), labels.divisor(), gradient)).isZero();
        assertThat(gradient.toArray()).containsOnly(0f);
        assertThat(CrossEntropy.counted(new int[] {IGNORED, 0, 4})).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, -1, Integer.MAX_VALUE})
    void labelsBeyondTheVocabularyAreRefused(int label) {
        Tensor logits = v.random(1, 5);
        assertThatThrownBy(() -> loss.loss(logits, new int[] {label}, 1, logits))
                .isInstanceOf(BadInputException.class)
                .hasMessage("label %d: want 0 to 4, or -100 for none".formatted(label));
    }

    @Test
    void labelsMustBeAsManyAsRows() {
        Tensor logits = v.random(2, 5);
        assertThatThrownBy(() -> loss.loss(logits, new int[] {1}, 1, logits))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
