package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {
    @TempDir
    Path folder;

    private static MemorySegment bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return MemorySegment.ofArray(bytes);
    }

    @Test
    void appearsWholeAndReplacesTheOldOne() throws IOException {
        Path target = folder.resolve("x");
        Files.writeString(target, "old");
        try (var file = NewFile.create(target)) {
            file.write(bytes(3_000_000), 10);
            assertThat(target).hasContent("old");
            file.commit();
        }
        byte[] written = Files.readAllBytes(target);
        assertThat(written).hasSize(3_000_010).startsWith(new byte[10]);
        assertThat(MemorySegment.ofArray(written).asSlice(10).mismatch(bytes(3_000_000)))
                .isEqualTo(-1);
        assertThat(folder.toFile().list()).containsExactly("x");
    }

    @Test
    void closingWithoutCommitLeavesNothing() throws IOException {
        try (var file = NewFile.create(folder.resolve("x"))) {
            file.write(bytes(100), 0);
            assertThat(folder.toFile().list()).containsExactly("x.part");
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** The disk takes so many bytes, then is full. */
    private record SmallDisk(NewFile.Output inner, AtomicLong left) implements NewFile.Output {
        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            if (left.get() == 0) {
                throw new IOException("No space left on device");
            }
            var part = from.slice(from.position(), (int) Math.min(left.get(), Math.min(from.remaining(), 1000)));
            int written = inner.write(part, position);
            from.position(from.position() + written);
            left.addAndGet(-written);
            return written;
        }

        @Override
        public long size() throws IOException {
            return inner.size();
        }

        @Override
        public void force() throws IOException {
            inner.force();
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }

    @Test
    void aFullDiskLeavesTheOldFileAndSaysSo() throws IOException {
        Path target = folder.resolve("x");
        Files.writeString(target, "old");
        for (long size : new long[] {0, 1, 999, 1_500_000}) {
            assertThatThrownBy(() -> {
                        try (var file = NewFile.create(target, inner -> new SmallDisk(inner, new AtomicLong(size)))) {
                            file.write(bytes(2_000_000), 0);
                            file.commit();
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("could not write byte " + size + " (No space left on device)");
            assertThat(target).hasContent("old");
            assertThat(folder.toFile().list()).containsExactly("x");
        }
    }

    @Test
    void shortWritesAreContinued() throws IOException {
        Path target = folder.resolve("x");
        try (var file = NewFile.create(target, inner -> new SmallDisk(inner, new AtomicLong(1 << 30)))) {
            file.write(bytes(1_234_567), 0);
            file.commit();
        }
        assertThat(MemorySegment.ofArray(Files.readAllBytes(target)).mismatch(bytes(1_234_567)))
                .isEqualTo(-1);
    }

    @Test
    void whatAKilledProcessLeftIsOverwritten() throws IOException {
        Path target = folder.resolve("x");
        Files.writeString(folder.resolve("x.part"), "left over and longer than what follows");
        try (var file = NewFile.create(target)) {
            file.write(bytes(5), 0);
            file.commit();
        }
        assertThat(target).hasSize(5);
        assertThat(folder.toFile().list()).containsExactly("x");
    }

    @Test
    void twoWritersOfOneFileAreToldApart() throws IOException {
        Path target = folder.resolve("x");
        try (var first = NewFile.create(target)) {
            assertThatThrownBy(() -> NewFile.create(target)).isInstanceOf(BadInputException.class);
            first.write(bytes(5), 0);
            first.commit();
        }
        assertThat(target).hasSize(5);
    }

    @Test
    void namesWhatCannotBeWritten() {
        assertThatThrownBy(() -> NewFile.create(folder.resolve("no/x")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("there is no folder");
        assertThatThrownBy(() -> NewFile.create(folder))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("this is a folder");
    }
}
