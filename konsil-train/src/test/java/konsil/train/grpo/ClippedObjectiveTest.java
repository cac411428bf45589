package konsil.train.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClippedObjectiveTest {
    @Test
    void advantagesAreRelativeToTheGroup() {
        // mean 0.5, deviation with n - 1: root of 1/3
        double[] advantages = Advantages.of(new double[] {1, 0, 1, 0});
        assertThat(advantages[0]).isCloseTo(0.5 / (Math.sqrt(1.0 / 3) + 1e-4), within(1e-12));
        assertThat(advantages[1]).isEqualTo(-advantages[0]);
        assertThat(Advantages.of(new double[] {2, 2, 2})).containsOnly(0);
    }

    /** At ratios below, within and above the bounds, for both signs. */
    @ParameterizedTest
    @CsvSource({"1.5, -0.4", "1.5, 0.1", "1.5, 0.4", "-0.7, -0.4", "-0.7, 0.1", "-0.7, 0.4"})
    void theSlopeIsTheLosssDerivative(double advantage, double change) {
        double[] before = {-1.2};
        double[] base = {-2.0};
        var objective = new ClippedObjective(advantage, before, base, 0.2, 0.3, 0.25);
        double log = before[0] + change;
        double step = 1e-6;
        double numeric = (objective.loss(0, log + step) - objective.loss(0, log - step)) / (2 * step);
        assertThat(objective.slope(0, log)).isCloseTo(numeric, within(1e-7));
    }

    @Test
    void whatIsTooFarOutIsClippedWhereItWouldGain() {
        var up = new ClippedObjective(1, new double[] {-1}, new double[0], 0.2, 0, 1);
        assertThat(up.clipped(0, -1 + Math.log(1.3))).isTrue();
        assertThat(up.slope(0, -1 + Math.log(1.3))).isZero();
        assertThat(up.loss(0, -1 + Math.log(1.3))).isCloseTo(-1.2, within(1e-12));
        assertThat(up.clipped(0, -1 + Math.log(0.5))).isFalse();
        assertThat(up.slope(0, -1 + Math.log(0.5))).isCloseTo(-0.5, within(1e-12));
        assertThat(up.divergence(0, -3)).isZero();
    }

    @Test
    void withoutEarlierOnesRatiosAreOne() {
        var now = new ClippedObjective(-2, new double[0], new double[0], 0.2, 0, 0.5);
        assertThat(now.loss(0, -7)).isEqualTo(1);
        assertThat(now.slope(0, -7)).isEqualTo(1);
    }
}
