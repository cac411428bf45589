package konsil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

final class MainTest {
    @Test
    void flagsReachTheTests() {
        assertThat(FloatVector.SPECIES_PREFERRED.length()).isPositive();
    }
}
