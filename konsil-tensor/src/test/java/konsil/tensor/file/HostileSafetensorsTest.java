package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
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

class HostileSafetensorsTest {
    private static final String ONE = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    /** Buffers of the JSON reader, class loading aside. */
    private static final long OVERHEAD = 1 << 20;

    @TempDir
    Path folder;

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments("offsets beyond the file", one("[4]", "[0,16]"), 8, "a: its 16 bytes"),
                arguments("offsets that overflow", one("[2]", "[9223372036854775800,9223372036854775807]"), 8, "a: "),
                arguments("negative offset", one("[2]", "[-8,0]"), 8, "a: data_offsets: want whole numbers from 0"),
                arguments("offset beyond long", one("[2]", "[0,18446744073709551616]"), 8, "a: data_offsets"),
                arguments("end before start", one("[2]", "[8,0]"), 8, "the end 0 is before the start 8"),
                arguments("one offset", one("[2]", "[0]"), 8, "want two numbers, got 1"),
                arguments("three offsets", one("[2]", "[0,8,8]"), 8, "want at most 2 numbers"),
                arguments("negative size", one("[-2]", "[0,8]"), 8, "a: shape: want whole numbers from 0"),
                arguments("fractional size", one("[2.0]", "[0,8]"), 8, "a: shape: want whole numbers"),
                arguments("size as text", one("[\"2\"]", "[0,8]"), 8, "a: shape: want whole numbers"),
                arguments("2^60 elements", one("[1152921504606846976]", "[0,8]"), 8, "takes 4611686018427387904 bytes"),
                arguments(
                        "2^62 elements",
                        one("[4611686018427387904]", "[0,8]"),
                        8,
                        "a: shape or data_offsets are beyond"),
                arguments("2^70 elements", one("[34359738368,34359738368]", "[0,8]"), 8, "beyond any file"),
                arguments("too many dimensions", one("[" + "1,".repeat(40) + "2]", "[0,8]"), 8, "at most 32"),
                arguments("shape and bytes differ", one("[3]", "[0,8]"), 8, "takes 12 bytes, data_offsets give it 8"),
                arguments("shape is no list", one("2", "[0,8]"), 8, "shape: want a list"),
                arguments("unknown dtype", ONE.replace("F32", "F33"), 8, "a: unknown dtype F33"),
                arguments("GGUF's dtype", ONE.replace("F32", "Q8_0"), 8, "a: unknown dtype Q8_0"),
                arguments("half a byte", one("[3]", "[0,1]").replace("F32", "F4"), 1, "are not whole bytes"),
                arguments("no dtype", "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "a: want the fields dtype"),
                arguments(
                        "a field twice", ONE.replace("{\"dtype\"", "{\"dtype\":\"F32\",\"dtype\""), 8, "stands twice"),
                arguments("a name twice", twoTensors("a", "a", "[8,16]"), 16, "a: there are two tensors of this name"),
                arguments("overlap", twoTensors("a", "b", "[4,12]"), 12, "b: its bytes at"),
                arguments("same bytes", twoTensors("a", "b", "[0,8]"), 8, "its bytes at"),
                arguments("hole between", twoTensors("a", "b", "[12,20]"), 20, "b: starts at byte"),
                arguments("hole at the start", one("[2]", "[4,12]"), 12, "a: starts at byte"),
                arguments("bytes after the end", ONE, 9, "the last tensor ends at byte"),
                arguments("data missing", ONE, 4, "a: its 8 bytes"),
                arguments("entry is a number", "{\"a\":5}", 0, "a: want an object"),
                arguments("header is a list", "[1]", 0, "header: want a JSON object"),
                arguments("header is cut", ONE.substring(0, 30), 0, "not valid JSON"),
                arguments("text after the header", ONE + "x", 8, "not valid JSON"),
                arguments("a second object", ONE + "{}", 8, "more text follows"),
                arguments("metadata is no text", "{\"__metadata__\":{\"a\":1}}", 0, "__metadata__: want text"),
                arguments("metadata twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "stands twice"),
                arguments("deep JSON", "{\"a\":{\"x\":" + "[".repeat(20_000), 0, "too deep"),
                arguments("long name", "{\"" + "n".repeat(5 << 20) + "\":{}}", 0, "too long"),
                arguments("long number", one("[" + "1".repeat(1000) + "]", "[0,8]"), 8, "too long"),
                arguments("control characters in a name", twoTensors("a\\u001b[31m", "b", "[4,12]"), 12, "b: its"));
    }

    private static String one(String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}".formatted(shape, offsets);
    }

    private static String twoTensors(String first, String second, String secondOffsets) {
        String entry = "\"%s\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":%s}";
        return "{" + entry.formatted(first, "[0,8]") + "," + entry.formatted(second, secondOffsets) + "}";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void isRefusedByNameAndWithoutLargeMemory(String what, String header, int dataBytes, String message)
            throws IOException {
        byte[] bytes = TestBytes.safetensors(header, dataBytes);
        refuses(bytes, message);
        assertThat(allocatedByOpening(bytes)).as(what).isLessThan(bytes.length * 2L + OVERHEAD);
    }

    @Test
    void refusesMoreTensorsAndKeysThanItCouldHold() throws IOException {
        var tensors = new StringBuilder("{");
        for (int i = 0; i <= 200_000; i++) {
            tensors.append("\"%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},".formatted(i));
        }
        refuses(TestBytes.safetensors(tensors + "\"z\":{}}", 0), "200000: there are too many tensors before it");
        var keys = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i <= 65_536; i++) {
            keys.append("\"%d\":\"\",".formatted(i));
        }
        refuses(TestBytes.safetensors(keys + "\"z\":\"\"}}", 0), "__metadata__: there are too many keys");
    }

    @Test
    void refusesFilesThatEndInTheHeader() throws IOException {
        refuses(new byte[0], "ends inside the length of the safetensors header");
        refuses(new byte[] {1, 2, 3}, "ends inside the length of the safetensors header");
        byte[] whole = TestBytes.safetensors(ONE, 8);
        for (int length = 8; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> open(cut)).as("%d bytes", length).isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void refusesHeadersLongerThanTheFile() throws IOException {
        for (long length : new long[] {3, 1L << 31, 1L << 40, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            byte[] bytes =
                    new TestBytes().u64(length).raw((byte) '{', (byte) '}').bytes();
            refuses(bytes, "the file says " + Long.toUnsignedString(length));
            assertThat(allocatedByOpening(bytes)).isLessThan(OVERHEAD);
        }
    }

    @Test
    void refusesTextThatIsNotUtf8() throws IOException {
        byte[] bytes = TestBytes.safetensors(ONE, 8);
        bytes[10] = (byte) 0xFF;
        refuses(bytes, "the JSON is not valid UTF-8");
    }

    @Test
    void readsZeroSizedTensorsAndAnEmptyHeader() throws IOException {
        try (var file = open(TestBytes.safetensors(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904],\"data_offsets\":[0,0]}}", 0))) {
            assertThat(file.f32("a")).isEmpty();
        }
        try (var file = open(TestBytes.safetensors("{}", 0))) {
            assertThat(file.names()).isEmpty();
        }
    }

    @Test
    void namesAMissingFileAndAFolder() {
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("no.safetensors")))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("no.safetensors: there is no such file");
        assertThatThrownBy(() -> Safetensors.open(folder)).isInstanceOf(BadFileException.class);
    }

    private Checkpoint open(byte[] bytes) throws IOException {
        return Safetensors.open(Files.write(folder.resolve("bad.safetensors"), bytes));
    }

    private void refuses(byte[] bytes, String message) throws IOException {
        assertThatThrownBy(() -> open(bytes))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("bad.safetensors: ")
                .hasMessageContaining(message)
                .extracting(Throwable::getMessage)
                .asString()
                .hasSizeLessThan(400)
                .doesNotContain("\u001b");
    }

    private long allocatedByOpening(byte[] bytes) throws IOException {
        Path path = Files.write(folder.resolve("bad.safetensors"), bytes);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try (var file = Safetensors.open(path)) {
            throw new AssertionError(file.path() + " was accepted");
        } catch (BadFileException expected) {
            return threads.getCurrentThreadAllocatedBytes() - before;
        }
    }
}
