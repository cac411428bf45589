package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileGgufTest {
    /** Class loading and the error itself. */
    private static final long OVERHEAD = 1 << 19;

    private static final int TEXT = 8;
    private static final int LIST = 9;

    @TempDir
    Path folder;

    static Stream<Arguments> files() {
        return Stream.of(
                arguments("wrong magic", new TestBytes().u32(0x47475546).zeros(60), "not a GGUF file"),
                arguments("version 1", TestBytes.gguf(1, 0, 0), "version 1 is not read"),
                arguments("version 4", TestBytes.gguf(4, 0, 0), "want GGUF version 2 or 3, got 4"),
                arguments("big-endian", TestBytes.gguf(0x03000000, 0, 0), "big-endian"),
                arguments("2^60 entries", TestBytes.gguf(3, 0, 1L << 60), "says it holds 1152921504606846976 metadata"),
                arguments("2^64 - 1 entries", TestBytes.gguf(3, 0, -1), "says it holds 18446744073709551615 metadata"),
                arguments("2^60 tensors", TestBytes.gguf(3, 1L << 60, 0).zeros(99), "1152921504606846976 tensors"),
                arguments("one tensor too many", TestBytes.gguf(3, 2, 0).tensor("a", 0, 0, 1), "2 tensors"),
                arguments(
                        "too many entries",
                        TestBytes.gguf(3, 0, 70_000).zeros(13 * 70_000),
                        "says it holds 70000 metadata entries, the limit is 65536"),
                arguments(
                        "too many tensors",
                        TestBytes.gguf(3, 300_000, 0).zeros(24 * 300_000),
                        "says it holds 300000 tensors, the limit is 200000"),
                arguments("long key", entry().u64(1L << 40).zeros(20), "a metadata key is 1099511627776 bytes"),
                arguments("negative key", entry().u64(-5).zeros(20), "a metadata key is"),
                arguments("key is cut", entry().u64(30).zeros(12), "ends inside a metadata key"),
                arguments(
                        "key is not UTF-8",
                        entry().u64(2).u8(0xC3).u8(0x28).u32(0).u32(0),
                        "is not valid UTF-8"),
                arguments(
                        "key twice",
                        TestBytes.gguf(3, 0, 2)
                                .text("k")
                                .u32(0)
                                .u8(1)
                                .text("k")
                                .u32(0)
                                .u8(1),
                        "k: stands twice"),
                arguments("unknown value", entry().text("k").u32(13).u64(0), "k: unknown type of metadata 13"),
                arguments("value is cut", entry().text("abc").u32(12).u32(0), "ends inside abc: want 8 bytes"),
                arguments("text is cut", entry().text("k").u32(TEXT).u64(1L << 62), "ends inside k: want 4611686018"),
                arguments("list of 2^60 texts", list(TEXT).u64(1L << 60), "holds 1152921504606846976 items of k"),
                arguments("list of 2^60 bytes", list(0).u64(1L << 60), "holds 1152921504606846976 items of k"),
                arguments("list of negative length", list(0).u64(-1), "holds 18446744073709551615 items of k"),
                arguments("text in a list is cut", list(TEXT).u64(1).u64(50), "ends inside k"),
                arguments("unknown items", list(77).u64(0), "k: unknown type of metadata 77"),
                arguments("deep lists", deep(), "lists lie more than 4 deep"),
                arguments("inner list too long", list(LIST).u64(1).u32(0).u64(1L << 50), "inner items"),
                arguments("alignment 0", alignment(0), "general.alignment: want a power of two"),
                arguments("alignment 24", alignment(24), "general.alignment: want a power of two"),
                arguments("alignment 2^31", alignment(1L << 31), "general.alignment: want a power of two"),
                arguments(
                        "alignment is text",
                        entry().text("general.alignment").u32(TEXT).text("32"),
                        "want a whole"),
                arguments("five dimensions", TestBytes.gguf(3, 1, 0).tensor("a", 0, 0, 1, 1, 1, 1, 1), "at most 4"),
                arguments(
                        "2^32 - 1 dimensions",
                        TestBytes.gguf(3, 1, 0).text("a").u32(-1).zeros(40),
                        "at most 4"),
                arguments("negative dimension", one(0, 0, -2), "a: dimension 18446744073709551614 is too large"),
                arguments("2^60 elements", one(0, 0, 1L << 60), "a: its 4611686018427387904 bytes"),
                arguments("2^62 elements", one(0, 0, 1L << 62), "a: its shape is beyond any file"),
                arguments("2^80 elements", one(0, 0, 1L << 40, 1L << 40), "a: its shape is beyond any file"),
                arguments("2^60 blocks", one(8, 0, 1L << 60, 32), "a: its shape is beyond any file"),
                arguments("half a block", one(8, 0, 48, 2), "a: a row of 48 is not whole Q8_0 blocks of 32"),
                arguments("offset not aligned", one(0, 16, 2), "a: want an offset that is a multiple of 32, got 16"),
                arguments("negative offset", one(0, -32, 2), "a: want an offset"),
                arguments("offset beyond", one(0, 1L << 40, 2), "a: its 8 bytes at byte"),
                arguments("offset overflows", one(0, Long.MAX_VALUE - 31, 2), "a: want an offset"),
                arguments("data missing", one(0, 0, 1000), "a: its 4000 bytes"),
                arguments(
                        "name twice",
                        TestBytes.gguf(3, 2, 0)
                                .tensor("a", 0, 0, 1)
                                .tensor("a", 0, 32, 1)
                                .padTo(32)
                                .zeros(64),
                        "a: there are two tensors of this name"),
                arguments(
                        "overlap",
                        TestBytes.gguf(3, 2, 0)
                                .tensor("a", 0, 0, 16)
                                .tensor("b", 0, 32, 1)
                                .padTo(32)
                                .zeros(64),
                        "b: its bytes at"),
                arguments(
                        "same place",
                        TestBytes.gguf(3, 2, 0)
                                .tensor("a", 0, 0, 1)
                                .tensor("b", 0, 0, 1)
                                .padTo(32)
                                .zeros(64),
                        "its bytes at"));
    }

    private static TestBytes entry() {
        return TestBytes.gguf(3, 0, 1);
    }

    private static TestBytes list(int itemType) {
        return entry().text("k").u32(LIST).u32(itemType);
    }

    private static TestBytes deep() {
        var bytes = list(LIST).u64(1);
        for (int i = 0; i < 10_000; i++) {
            bytes.u32(LIST).u64(1);
        }
        return bytes;
    }

    private static TestBytes alignment(long value) {
        return entry().text("general.alignment").u32(4).u32(value);
    }

    private static TestBytes one(int type, long offset, long... dims) {
        return TestBytes.gguf(3, 1, 0).tensor("a", type, offset, dims).padTo(32).zeros(64);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isRefusedByNameAndWithoutLargeMemory(String what, TestBytes content, String message) throws IOException {
        byte[] bytes = content.bytes();
        Path path = Files.write(folder.resolve("bad.gguf"), bytes);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> Gguf.open(path))
                .as(what)
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("bad.gguf: ")
                .hasMessageContaining(message);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(bytes.length * 2L + OVERHEAD);
    }

    private static Gguf open(byte[] bytes) {
        return Gguf.open(MappedFile.of(Path.of("bad.gguf"), MemorySegment.ofArray(bytes)));
    }

    @Test
    void refusesEveryCutOfAFile() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("formats/metadata.gguf"));
        for (int length = 0; length < whole.length - 48; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> open(cut)).as("%d bytes", length).isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void everyFlippedByteIsReadOrRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Golden.path("formats/metadata.gguf"));
        int refused = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] bad = whole.clone();
            bad[at] ^= (byte) 0xFF;
            try (var file = open(bad)) {
                file.names().forEach(file::info);
            } catch (BadFileException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(200);
    }

    @Test
    void readsEmptyTensorsAndVersion2() throws IOException {
        byte[] bytes = TestBytes.gguf(2, 2, 0)
                .tensor("empty", 8, 0, 32, 0)
                .tensor("scalar", 0, 0)
                .padTo(32)
                .zeros(4)
                .bytes();
        try (var file = Gguf.open(Files.write(folder.resolve("v2.gguf"), bytes))) {
            assertThat(file.format()).isEqualTo("GGUF v2");
            assertThat(file.f32("empty")).isEmpty();
            assertThat(file.f32("scalar")).containsExactly(0);
            assertThat(file.info("scalar").shape()).isEmpty();
        }
    }
}
