package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import konsil.kernel.NativeMemory;
import org.junit.jupiter.api.Test;

final class WorkspaceTest {
    private static final long LIMIT = 64L << 20;

    private static Tensor filled(Tensor tensor, float value) {
        var values = new float[(int) tensor.size()];
        Arrays.fill(values, value);
        tensor.copyFrom(values);
        return tensor;
    }

    @Test
    void everythingIsAlignedAndApart() {
        try (var space = new Workspace(LIMIT)) {
            var random = new Random(1);
            var tensors = new ArrayList<Tensor>();
            for (int i = 0; i < 200; i++) {
                var tensor = space.tensor(1 + random.nextInt(5), 1 + random.nextInt(40));
                assertThat(tensor.rows().data().address() % NativeMemory.ALIGNMENT)
                        .isZero();
                tensors.add(filled(tensor, i));
            }
            for (int i = 0; i < tensors.size(); i++) {
                assertThat(tensors.get(i).toArray()).containsOnly(i);
            }
        }
    }

    @Test
    void growingKeepsWhatWasHandedOut() {
        try (var space = new Workspace(LIMIT)) {
            var early = filled(space.tensor(100), 3);
            long before = space.reserved();
            for (int i = 0; i < 5; i++) {
                filled(space.tensor(1 << 20), 7);
            }
            assertThat(space.reserved()).isGreaterThan(before);
            assertThat(early.toArray()).containsOnly(3);
        }
    }

    @Test
    void aSecondStepOfTheSameSizeTakesNoNewMemory() {
        try (var space = new Workspace(LIMIT)) {
            long address = 0;
            long reserved = 0;
            for (int step = 0; step < 4; step++) {
                var first = space.tensor(1000);
                for (int i = 0; i < 9; i++) {
                    assertThat(space.tensor(100_000 + i).size()).isEqualTo(100_000 + i);
                }
                if (step > 0) {
                    assertThat(first.rows().data().address()).isEqualTo(address);
                    assertThat(space.reserved()).isEqualTo(reserved);
                }
                address = first.rows().data().address();
                reserved = space.reserved();
                space.reset();
            }
        }
    }

    @Test
    void marksNestAndGiveBackInReverseOrder() {
        try (var space = new Workspace(LIMIT)) {
            var kept = filled(space.tensor(10), 1);
            long inner;
            try (var _ = space.mark()) {
                var outer = filled(space.tensor(10), 2);
                try (var _ = space.mark()) {
                    inner = filled(space.tensor(3 << 20), 3).rows().data().address();
                }
                assertThat(space.tensor(3 << 20).rows().data().address()).isEqualTo(inner);
                assertThat(outer.toArray()).containsOnly(2);
            }
            assertThat(kept.toArray()).containsOnly(1);
            assertThat(space.tensor(10).rows().data().address())
                    .isEqualTo(kept.rows().data().address() + NativeMemory.ALIGNMENT);
        }
    }

    @Test
    void marksOutOfOrderAreRefused() {
        try (var space = new Workspace(LIMIT)) {
            var outer = space.mark();
            var inner = space.mark();
            assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(space::reset)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2 marks");
            inner.close();
            assertThatThrownBy(inner::close).isInstanceOf(IllegalStateException.class);
            outer.close();
            space.reset();
        }
    }

    @Test
    void leftoversCanBeNan() {
        try (var space = new Workspace(LIMIT, Workspace.Leftovers.NAN)) {
            assertThat(space.tensor(500).toArray()).containsOnly(Float.NaN);
            space.reset();
            filled(space.tensor(7), 1);
            try (var _ = space.mark()) {
                filled(space.tensor(500), 1);
                filled(space.tensor(1 << 20), 1);
            }
            assertThat(space.tensor(500).toArray()).containsOnly(Float.NaN);
            assertThat(space.tensor(1 << 20).toArray()).containsOnly(Float.NaN);
            space.reset();
            assertThat(space.tensor(500).toArray()).containsOnly(Float.NaN);
        }
    }

    @Test
    void lastingMemoryOutlivesResets() {
        try (var space = new Workspace(LIMIT, Workspace.Leftovers.NAN)) {
            var table = Tensor.over(space.lasting(400), 100);
            assertThat(table.toArray()).containsOnly(0);
            filled(table, 5);
            space.reset();
            filled(space.tensor(1 << 20), 6);
            assertThat(table.toArray()).containsOnly(5);
        }
    }

    @Test
    void theLimitIsATypedErrorBeforeMemoryIsTaken() {
        try (var space = new Workspace(4L << 20)) {
            assertThat(space.tensor(1 << 20).size()).isEqualTo(1 << 20);
            assertThatThrownBy(() -> space.tensor(1 << 20))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("limit of 4 MB");
            assertThatThrownBy(() -> space.tensor(1 << 20, 1 << 30)).isInstanceOf(BadInputException.class);
            assertThatThrownBy(() -> space.lasting(Long.MAX_VALUE)).isInstanceOf(BadInputException.class);
            assertThat(space.reserved()).isLessThanOrEqualTo(4L << 20);
        }
    }

    @Test
    void sizesThatOverflowAreRefused() {
        try (var space = new Workspace(LIMIT)) {
            int huge = Integer.MAX_VALUE;
            assertThatThrownBy(() -> space.tensor(huge, huge, huge, huge)).isInstanceOf(ShapeException.class);
            assertThatThrownBy(() -> space.tensor(huge, huge, 1)).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> space.tensor(-1, 4)).isInstanceOf(ShapeException.class);
            assertThatThrownBy(() -> space.bytes(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThat(space.reserved()).isZero();
        }
    }

    @Test
    void emptyTensorsAreAllowed() {
        try (var space = new Workspace(LIMIT)) {
            assertThat(space.tensor(0, 16).toArray()).isEmpty();
            assertThat(space.tensor(4).size()).isEqualTo(4);
        }
    }
}
