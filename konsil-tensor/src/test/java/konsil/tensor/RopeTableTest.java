package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class RopeTableTest {
    @Test
    void anglesFollowThePaper() {
        var table = new RopeTable(8, 10_000, 1);
        assertThat(table.angle(5, 0)).isEqualTo(5);
        assertThat(table.angle(5, 2)).isCloseTo(5 / 100.0, within(1e-15));
        assertThat(new RopeTable(8, 10_000, 8).angle(40, 0)).isEqualTo(5);
    }

    @Test
    void farPositionsStayApart() {
        var table = new RopeTable(256, 1_000_000, 8);
        float last = Float.NaN;
        for (long position = 130_000; position < 130_100; position++) {
            float cos = (float) Math.cos(table.angle(position, 0));
            assertThat(cos).isNotEqualTo(last);
            last = cos;
        }
    }

    @Test
    void rowsArePositions() {
        var table = new RopeTable(6, 100, 2);
        try (var space = new Workspace(1 << 20)) {
            var cos = space.rows(3, 3);
            var sin = space.rows(3, 3);
            table.fill(new long[] {9, 0, 70_001}, cos, sin);
            long[] positions = {9, 0, 70_001};
            for (int row = 0; row < 3; row++) {
                for (int pair = 0; pair < 3; pair++) {
                    double angle = positions[row] / 2.0 * Math.pow(100, -pair / 3.0);
                    assertThat(cos.get(row, pair)).isCloseTo((float) Math.cos(angle), within(1e-7f));
                    assertThat(sin.get(row, pair)).isCloseTo((float) Math.sin(angle), within(1e-7f));
                }
            }
        }
    }

    /** 0.5623 and 0.3162 as bf16 has them. */
    @Test
    void coarseAnglesAreRoundedForOnePosition() {
        var table = new RopeTable(8, 10, 1, true);
        assertThat(table.angle(1, 1)).isEqualTo(0.5625);
        assertThat(table.angle(3, 2)).isEqualTo(3 * 0.31640625);
        assertThat(table).isNotEqualTo(new RopeTable(8, 10, 1));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new RopeTable(7, 100, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RopeTable(8, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RopeTable(8, 100, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
