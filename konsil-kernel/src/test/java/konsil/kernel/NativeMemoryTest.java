package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class NativeMemoryTest {
    private static final long MIB = 1L << 20;

    @Test
    void blocksAreZeroedAlignedAndOfTheSizeAskedFor() {
        try (var memory = new NativeMemory()) {
            for (long bytes : new long[] {0, 1, 63, 64, 4096, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 5 * MIB + 3}) {
                var block = memory.allocate(bytes);
                assertThat(block.byteSize()).isEqualTo(bytes);
                assertThat(block.isNative()).isTrue();
                assertThat(block.address() % NativeMemory.ALIGNMENT).isZero();
                for (long at = 0; at < bytes; at += Math.max(1, bytes / 100)) {
                    assertThat(block.get(ValueLayout.JAVA_BYTE, at)).isZero();
                }
                block.fill((byte) 1); // the last byte too is ours
            }
        }
    }

    @Test
    void largeBlocksStartOnAHugePage() {
        try (var memory = new NativeMemory()) {
            assertThat(memory.allocate(3 * MIB).address() % (2 * MIB)).isZero();
        }
    }

    @Test
    void blocksDoNotOverlap() {
        try (var memory = new NativeMemory()) {
            var first = memory.allocate(2 * MIB);
            var second = memory.allocate(2 * MIB);
            first.fill((byte) 1);
            second.fill((byte) 2);
            assertThat(first.get(ValueLayout.JAVA_BYTE, 2 * MIB - 1)).isEqualTo((byte) 1);
            assertThat(second.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
        }
    }

    @Test
    void everyThreadMayUseIt() throws InterruptedException {
        try (var memory = new NativeMemory()) {
            var block = memory.allocate(64);
            var seen = new AtomicInteger();
            block.set(ValueLayout.JAVA_INT, 0, 7);
            Thread.ofPlatform()
                    .start(() -> seen.set(block.get(ValueLayout.JAVA_INT, 0)))
                    .join();
            assertThat(seen).hasValue(7);
        }
    }

    @Test
    void afterTheOwnerIsClosedNothingIsReadable() {
        var memory = new NativeMemory();
        var small = memory.allocate(64);
        var large = memory.allocate(2 * MIB);
        memory.close();
        assertThatThrownBy(() -> small.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> large.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rowsHaveMemoryOfTheirOwn() {
        try (var memory = new NativeMemory()) {
            var rows = memory.rows(3, 5);
            assertThat(rows.rows()).isEqualTo(3);
            assertThat(rows.cols()).isEqualTo(5);
            assertThat(rows.stride()).isEqualTo(5);
            rows.set(2, 4, 1.5f);
            assertThat(rows.get(2, 4)).isEqualTo(1.5f);
            assertThat(memory.rows(0, 5).rows()).isZero();
        }
    }

    @Test
    void impossibleSizesAreRefused() {
        try (var memory = new NativeMemory()) {
            assertThatThrownBy(() -> memory.allocate(-1)).isInstanceOf(SizeException.class);
            assertThatThrownBy(() -> memory.allocate(1L << 60)).isInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> memory.rows(-1, 3)).isInstanceOf(SizeException.class);
        }
    }
}
