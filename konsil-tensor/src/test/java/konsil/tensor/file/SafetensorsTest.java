package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bool",
                "uint8",
                "int8",
                "uint16",
                "int16",
                "uint32",
                "int32",
                "uint64",
                "int64",
                "float16",
                "bfloat16",
                "float32",
                "float64",
                "scalar",
                "empty",
                "float8_e4m3fn",
                "float8_e5m2",
                "float8_e8m0fnu",
                "float8_e4m3fnuz",
                "float8_e5m2fnuz"
            })
    void everyRealTypeReadsAsNumpyDoes(String name) throws IOException {
        try (var file = Safetensors.open(Golden.path("formats/dtypes.safetensors"))) {
            float[] expected = file.f32(name + ".f32");

            float[] actual = file.f32(name);

            assertThat(file.info(name).shape())
                    .isEqualTo(file.info(name + ".f32").shape());
            assertThat(bits(actual)).isEqualTo(bits(expected));
        }
    }

    /** All NaNs alike: their payload carries no number. */
    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    @Test
    void typesThatAreNoRealNumbersAloneGiveTheirBytesOnly() throws IOException {
        try (var file = Safetensors.open(Golden.path("formats/dtypes.safetensors"))) {
            assertThat(file.info("float4_e2m1fn_x2").shape()).containsExactly(2L, 8L);
            assertThat(file.bytes("float4_e2m1fn_x2").toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(file.bytes("complex64").byteSize()).isEqualTo(16);
            assertThatThrownBy(() -> file.f32("complex64"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("dtypes.safetensors: complex64: type C64");
        }
    }

    @Test
    void readsSixBitFloatsAsBytes() throws IOException {
        Path path = write(TestBytes.safetensors("""
                {"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]},\
                "b":{"dtype":"F6_E3M2","shape":[2,4],"data_offsets":[3,9]}}""", 9));
        try (var file = Safetensors.open(path)) {
            assertThat(file.bytes("a").byteSize()).isEqualTo(3);
            assertThat(file.bytes("b").get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 3);
        }
    }

    @Test
    void readsMetadata() throws IOException {
        try (var file = Safetensors.open(Golden.path("formats/dtypes.safetensors"))) {
            assertThat(file.metadata().text("note")).isEqualTo("gr\u00fcn \u2713 \"quoted\"");
        }
    }

    @Test
    void readsDataThatAreNotAligned() throws IOException {
        Path path = write(TestBytes.safetensors("""
                {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},\
                "b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]},\
                "c":{"dtype":"F64","shape":[],"data_offsets":[5,13]}}""", 13));
        try (var file = Safetensors.open(path)) {
            assertThat(file.f32("b")).containsExactly(Float.intBitsToFloat(0x04030201));
            assertThat(file.f32("c")).containsExactly((float) Double.longBitsToDouble(0x0C0B0A0908070605L));
        }
    }

    @Test
    void readsARangeOfElements() throws IOException {
        try (var file = Safetensors.open(Golden.path("gemma3-a/model.safetensors"))) {
            String name = "language_model.model.layers.0.mlp.down_proj.weight";
            float[] whole = file.f32(name);
            float[] part = new float[256];
            file.readF32(name, 256, 256, MemorySegment.ofArray(part));
            assertThat(part).containsExactly(Arrays.copyOfRange(whole, 256, 512));
            assertThatThrownBy(() -> file.readF32(name, whole.length - 1, 2, MemorySegment.ofArray(part)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemma3-a/model.safetensors", "lasr-a/model.safetensors"})
    void writesTheSameBytesAsTheReferenceWriter(String name) throws IOException {
        Path copy = folder.resolve("copy.safetensors");
        try (var file = Safetensors.open(Golden.path(name))) {
            SafetensorsWriter.write(copy, all(file), Map.of("format", "pt"));
        }
        assertThat(copy).hasSameBinaryContentAs(Golden.path(name));
    }

    static List<NewTensor> all(Checkpoint file) {
        var tensors = new ArrayList<NewTensor>();
        for (String name : file.names()) {
            var info = file.info(name);
            tensors.add(new NewTensor(name, info.type(), info.shape(), file.bytes(name)));
        }
        return tensors;
    }

    @Test
    void everyTypeSurvivesWritingAndReading() throws IOException {
        Path copy = folder.resolve("copy.safetensors");
        try (var file = Safetensors.open(Golden.path("formats/dtypes.safetensors"))) {
            SafetensorsWriter.write(copy, all(file), Map.of());
            try (var read = Safetensors.open(copy)) {
                assertThat(new HashSet<>(read.names())).isEqualTo(new HashSet<>(file.names()));
                for (String name : file.names()) {
                    assertThat(read.info(name).type()).isEqualTo(file.info(name).type());
                    assertThat(read.info(name).shape())
                            .isEqualTo(file.info(name).shape());
                    assertThat(read.bytes(name).mismatch(file.bytes(name))).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void asksByOtherNames() throws IOException {
        var file = Safetensors.open(Golden.path("gemma3-a/model.safetensors"));
        try (var renamed = file.renamed(name -> name.replace("language_model.model.", "model.language_model."))) {
            assertThat(renamed.info("model.language_model.norm.weight").name())
                    .isEqualTo("model.language_model.norm.weight");
            assertThat(renamed.f32("model.language_model.norm.weight"))
                    .isEqualTo(file.f32("language_model.model.norm.weight"));
            assertThatThrownBy(() -> renamed.info("language_model.model.norm.weight"))
                    .isInstanceOf(BadFileException.class);
        }
        try (var again = Safetensors.open(Golden.path("gemma3-a/model.safetensors"))) {
            assertThatThrownBy(() -> again.renamed(name -> "same"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("stands for same");
        }
    }

    @Test
    void refusesToWriteTwoTensorsOfOneNameAndLeavesNothing() {
        var tensor = NewTensor.of("a", FileType.F32, new float[] {1}, 1);
        Path path = folder.resolve("x.safetensors");
        assertThatThrownBy(() -> SafetensorsWriter.write(path, List.of(tensor, tensor), new LinkedHashMap<>()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder).isEmptyDirectory();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.safetensors"), bytes);
    }
}
