package konsil.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTest {
    /** Leaf names of a GGUF layer and of a Gemma 3 layer. */
    private static final Map<String, String> TEXT = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("post_attention_norm", "post_attention_layernorm"),
            Map.entry("ffn_norm", "pre_feedforward_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"),
            Map.entry("post_ffw_norm", "post_feedforward_layernorm"));

    private static final Map<String, String> VISION = Map.of(
            "ln1", "layer_norm1",
            "ln2", "layer_norm2",
            "attn_q", "self_attn.q_proj",
            "attn_k", "self_attn.k_proj",
            "attn_v", "self_attn.v_proj",
            "attn_out", "self_attn.out_proj",
            "ffn_up", "mlp.fc1",
            "ffn_down", "mlp.fc2");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = FileType.class,
            names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"})
    void blocksDecodeToTheBit(FileType type) throws IOException {
        try (var golden = Safetensors.open(Golden.path("gguf-a/blocks.safetensors"))) {
            float[] expected = golden.f32(type + ".f32");
            float[] actual = new float[expected.length];

            F32Decoder.decode(type, golden.bytes(type + ".raw"), 0, actual.length, MemorySegment.ofArray(actual));

            assertThat(actual).isEqualTo(expected);
            float[] second = new float[type.blockElements()];
            F32Decoder.decode(
                    type, golden.bytes(type + ".raw"), second.length, second.length, MemorySegment.ofArray(second));
            assertThat(second).isEqualTo(Arrays.copyOfRange(expected, second.length, 2 * second.length));
        }
    }

    /** Worst distance from the bf16 original: half a step, and the rounding of the scale itself. */
    @ParameterizedTest
    @CsvSource({"text-BF16.gguf, 0", "text-Q8_0.gguf, 0.0045", "text-Q4_0.gguf, 0.13"})
    void textModelsHoldTheCheckpoint(String name, float step) throws IOException {
        try (var gguf = Gguf.open(Golden.path("gguf-a/" + name));
                var original = Safetensors.open(Golden.path("gemma3-a/model.safetensors"))) {
            assertThat(gguf.format()).isEqualTo("GGUF v3");
            assertThat(gguf.names()).hasSize(8 * 13 + 2);
            for (String tensor : gguf.names()) {
                String twin = "language_model.model." + textName(tensor);
                float[] expected = original.f32(twin);
                boolean norm = tensor.endsWith("norm.weight");
                assertThat(gguf.info(tensor).shape())
                        .isEqualTo(original.info(twin).shape());
                assertClose(tensor, gguf.f32(tensor), expected, norm ? 1 : 0, norm ? 0 : step);
            }
        }
    }

    private static String textName(String name) {
        return switch (name) {
            case "token_embd.weight" -> "embed_tokens.weight";
            case "output_norm.weight" -> "norm.weight";
            default -> {
                var parts = List.of(name.split("\\.", -1));
                yield "layers." + parts.get(1) + "." + TEXT.get(parts.get(2)) + ".weight";
            }
        };
    }

    private static void assertClose(String name, float[] actual, float[] original, float plus, float step) {
        assertThat(actual).as(name).hasSameSizeAs(original);
        for (int block = 0; block < actual.length; block += 32) {
            float largest = 0;
            int end = Math.min(actual.length, block + 32);
            for (int i = block; i < end; i++) {
                largest = Math.max(largest, Math.abs(original[i]));
            }
            float worst = 0;
            for (int i = block; i < end; i++) {
                worst = Math.max(worst, Math.abs(actual[i] - (original[i] + plus)));
            }
            assertThat(worst).as("%s[%d]", name, block).isLessThanOrEqualTo(step * largest);
        }
    }

    @Test
    void imageModelHoldsTheCheckpoint() throws IOException {
        try (var gguf = Gguf.open(Golden.path("gguf-a/mmproj-F16.gguf"));
                var original = Safetensors.open(Golden.path("gemma3-a/model.safetensors"))) {
            assertThat(gguf.names()).hasSize(3 * 16 + 7);
            for (String tensor : gguf.names()) {
                String twin = visionName(tensor);
                float[] expected = original.f32(twin);
                if (gguf.info(tensor).type() == FileType.F16) {
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] = Float.float16ToFloat(Float.floatToFloat16(expected[i]));
                    }
                }
                assertClose(tensor, gguf.f32(tensor), expected, tensor.equals("mm.soft_emb_norm.weight") ? 1 : 0, 0);
                assertThat(gguf.info(tensor).shape())
                        .isEqualTo(original.info(twin).shape());
            }
        }
    }

    private static String visionName(String name) {
        String vision = "vision_tower.vision_model.";
        return switch (name) {
            case "mm.input_projection.weight" -> "multi_modal_projector.mm_input_projection_weight";
            case "mm.soft_emb_norm.weight" -> "multi_modal_projector.mm_soft_emb_norm.weight";
            case "v.position_embd.weight" -> vision + "embeddings.position_embedding.weight";
            case "v.patch_embd.weight", "v.patch_embd.bias" ->
                vision + name.replace("v.patch_embd", "embeddings.patch_embedding");
            case "v.post_ln.weight", "v.post_ln.bias" -> vision + name.replace("v.post_ln", "post_layernorm");
            default -> {
                var parts = List.of(name.split("\\.", -1));
                yield vision + "encoder.layers." + parts.get(2) + "." + VISION.get(parts.get(3)) + "." + parts.get(4);
            }
        };
    }

    @Test
    void readsTheVocabulary() throws IOException {
        try (var gguf = Gguf.open(Golden.path("gguf-a/text-Q8_0.gguf"))) {
            var meta = gguf.metadata();
            assertThat(meta.text("general.architecture")).isEqualTo("gemma3");
            assertThat(meta.texts("tokenizer.ggml.tokens")).hasSize(1024).contains("<bos>", "<start_of_turn>");
            assertThat(meta.floats("tokenizer.ggml.scores")).hasSize(1024);
            assertThat(meta.wholes("tokenizer.ggml.token_type")).hasSize(1024).contains(1, 3, 6);
            assertThat(meta.whole("gemma3.attention.head_count")).isEqualTo(4);
            assertThat(meta.real("gemma3.attention.layer_norm_rms_epsilon")).isEqualTo((double) 1e-6f);
            assertThat(meta.flag("tokenizer.ggml.add_bos_token")).isTrue();
        }
    }

    @Test
    void readsEveryTypeOfMetadata() throws IOException {
        try (var gguf = Gguf.open(Golden.path("formats/metadata.gguf"))) {
            var meta = gguf.metadata();
            assertThat(meta.whole("general.alignment")).isEqualTo(64);
            assertThat(meta.whole("t.u8")).isEqualTo(200);
            assertThat(meta.whole("t.i8")).isEqualTo(-100);
            assertThat(meta.whole("t.u16")).isEqualTo(60_000);
            assertThat(meta.whole("t.i16")).isEqualTo(-30_000);
            assertThat(meta.whole("t.u32")).isEqualTo(4_000_000_000L);
            assertThat(meta.whole("t.i32")).isEqualTo(-2_000_000_000);
            assertThat(meta.whole("t.i64")).isEqualTo(-(1L << 62));
            assertThat(meta.values().get("t.u64")).isEqualTo(new MetaValue.Whole(MetaType.U64, Long.MIN_VALUE + 5));
            assertThat(meta.real("t.f32")).isEqualTo((double) 0.1f);
            assertThat(meta.real("t.f64")).isEqualTo(0.1);
            assertThat(meta.flag("t.bool")).isTrue();
            assertThat(meta.text("t.text")).isEqualTo("gr\u00fcn \u2713");
            assertThat(meta.texts("t.texts")).containsExactly("a", "", "\u2581hello", "\n");
            assertThat(meta.floats("t.floats")).containsExactly(0.5f, -1.25f, 1e-6f);
            assertThat(meta.wholes("t.ints")).containsExactly(1, -2, 3);
            assertThat(meta.values().get("t.nested")).isInstanceOfSatisfying(MetaValue.Items.class, nested -> {
                assertThat(nested.type()).isEqualTo(MetaType.LIST);
                assertThat(nested.count()).isEqualTo(3);
            });
        }
    }

    @Test
    void metadataErrorsNameTheKeyAndTheKind() throws IOException {
        try (var gguf = Gguf.open(Golden.path("formats/metadata.gguf"))) {
            var meta = gguf.metadata();
            assertThatThrownBy(() -> meta.text("t.u8"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage("metadata.gguf: t.u8: want text, got a U8");
            assertThatThrownBy(() -> meta.whole("t.u64")).hasMessageContaining("want a whole number below 2^63");
            assertThatThrownBy(() -> meta.texts("t.floats")).hasMessageContaining("want a list of TEXT");
            assertThatThrownBy(() -> meta.wholes("t.nested")).hasMessageContaining("want a list of whole numbers");
            assertThatThrownBy(() -> meta.real("t.none")).hasMessageContaining("t.none: the file's metadata lacks");
        }
    }

    @Test
    void readsPlainTypes() throws IOException {
        try (var gguf = Gguf.open(Golden.path("formats/metadata.gguf"))) {
            assertThat(gguf.info("f32").shape()).containsExactly(2L, 3L);
            assertThat(gguf.f32("f32")).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(gguf.f32("f16")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            assertThat(gguf.f32("f64")).containsExactly(0, 1 / 3f, 2 / 3f);
            assertThat(gguf.f32("i8")).containsExactly(-1, 2);
            assertThat(gguf.f32("i16")).containsExactly(-1, 2);
            assertThat(gguf.f32("i32")).containsExactly(-1, 2);
            assertThat(gguf.f32("i64")).containsExactly(-1, 0x1p40f);
            assertThat(gguf.info("f16").offset() % 64).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gguf-a/text-Q8_0.gguf", "gguf-a/mmproj-F16.gguf", "formats/metadata.gguf"})
    void writesTheSameBytesAsTheReferenceWriter(String name) throws IOException {
        Path copy = folder.resolve("copy.gguf");
        try (var file = Gguf.open(Golden.path(name))) {
            GgufWriter.write(copy, file.metadata().values(), SafetensorsTest.all(file));
        }
        assertThat(copy).hasSameBinaryContentAs(Golden.path(name));
    }

    @ParameterizedTest
    @EnumSource(
            value = FileType.class,
            names = {"Q8_0", "Q4_0", "BF16"})
    void quantisesAsTheReferenceDoes(FileType type) throws IOException {
        try (var golden = Safetensors.open(Golden.path("formats/quantised.safetensors"))) {
            var expected = golden.bytes(type.name()).toArray(ValueLayout.JAVA_BYTE);

            var tensor = NewTensor.of("rows", type, golden.f32("rows"), 40, 64);

            assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
        }
    }

    @Test
    void quantisedCheckpointEqualsTheReferencesOwn() throws IOException {
        try (var gguf = Gguf.open(Golden.path("gguf-a/text-Q4_0.gguf"));
                var original = Safetensors.open(Golden.path("gemma3-a/model.safetensors"))) {
            for (String tensor : gguf.names()) {
                if (gguf.info(tensor).type() == FileType.Q4_0) {
                    float[] values = original.f32("language_model.model." + textName(tensor));
                    var encoded = F32Encoder.encode(FileType.Q4_0, values);
                    assertThat(encoded.mismatch(gguf.bytes(tensor))).as(tensor).isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void whatIsWrittenReadsBack() throws IOException {
        Path path = folder.resolve("x.gguf");
        var metadata = new LinkedHashMap<String, MetaValue>();
        metadata.put("general.architecture", new MetaValue.Text("gemma3"));
        metadata.put("tokens", MetaValue.Items.ofTexts(List.of("<pad>", "\u2581a")));
        metadata.put("scores", MetaValue.Items.ofFloats(-1, 0.5f));
        metadata.put("types", MetaValue.Items.ofInts(3, 1));
        float[] values = new float[96];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        GgufWriter.write(
                path,
                metadata,
                List.of(
                        NewTensor.of("f32", FileType.F32, values, 3, 32),
                        NewTensor.of("f16", FileType.F16, values, 96),
                        NewTensor.of("q8", FileType.Q8_0, values, 3, 1, 32)));
        try (var file = Gguf.open(path)) {
            assertThat(file.names()).containsExactly("f32", "f16", "q8");
            assertThat(file.f32("f32")).isEqualTo(values);
            assertThat(file.info("q8").shape()).containsExactly(3L, 1L, 32L);
            assertClose("q8", file.f32("q8"), values, 0, 0.0045f);
            assertThat(file.metadata().texts("tokens")).containsExactly("<pad>", "\u2581a");
            assertThat(file.metadata().floats("scores")).containsExactly(-1, 0.5f);
            assertThat(file.metadata().wholes("types")).containsExactly(3, 1);
        }
    }

    @Test
    void unknownTypesAreNamedAndRefusedOnlyWhenRead() throws IOException {
        byte[] bytes = TestBytes.gguf(3, 2, 0)
                .tensor("iq", 18, 0, 256)
                .tensor("new", 99, 128, 7)
                .padTo(32)
                .zeros(128)
                .bytes();
        Path path = Files.write(folder.resolve("x.gguf"), bytes);
        try (var file = Gguf.open(path)) {
            assertThat(file.info("iq").type()).isEqualTo(FileType.IQ3_XXS);
            assertThat(file.bytes("iq").byteSize()).isEqualTo(98);
            assertThatThrownBy(() -> file.f32("iq"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("x.gguf: iq: type IQ3_XXS is not read by Konsil");
            assertThat(file.info("new").type()).isEqualTo(FileType.UNKNOWN);
            assertThatThrownBy(() -> file.bytes("new"))
                    .isInstanceOf(BadFileException.class)
                    .hasMessageContaining("x.gguf: new: its number format is not known");
        }
    }
}
