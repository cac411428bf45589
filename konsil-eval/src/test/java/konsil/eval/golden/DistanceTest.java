package konsil.eval.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class DistanceTest {
    @Test
    void differencesAreRelativeToTheLargestGoldenValue() {
        assertThat(Distance.relative(new float[] {1, 5}, new float[] {2, -4})).isEqualTo(9.0 / 4);
        assertThat(Distance.relative(new float[] {0, 0}, new float[] {0, 0})).isZero();
    }

    @Test
    void whatCannotBeComparedIsInfinitelyFar() {
        assertThat(Distance.relative(new float[] {1}, new float[] {1, 1})).isInfinite();
        assertThat(Distance.relative(new float[] {Float.NaN, 1}, new float[] {1, 1}))
                .isInfinite();
        assertThat(Distance.relative(new float[] {1}, new float[] {0})).isInfinite();
        assertThat(Distance.relative(new float[] {Float.POSITIVE_INFINITY}, new float[] {Float.POSITIVE_INFINITY}))
                .isInfinite();
        assertThat(Distance.cosine(new float[] {Float.NaN}, new float[] {1})).isZero();
        assertThat(Distance.lacks(new float[] {1, 2}, 2)).isInfinite();
    }

    @Test
    void cosineIsOfTheAngle() {
        assertThat(Distance.cosine(new float[] {1, 0}, new float[] {1, 1})).isCloseTo(Math.sqrt(0.5), within(1e-12));
    }

    @Test
    void nearTiesLackLittle() {
        assertThat(Distance.lacks(new float[] {4, -8, 3.5f}, 0)).isZero();
        assertThat(Distance.lacks(new float[] {4, -8, 3.5f}, 2)).isEqualTo(0.5 / 8);
    }
}
