package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import konsil.kernel.WeightFormat;
import konsil.medgemma.TextConfig.Layer;
import konsil.tensor.KvPlan;
import konsil.tensor.RopeTable;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.GgufWriter;
import konsil.tensor.file.MetaType;
import konsil.tensor.file.MetaValue;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations as they are published, as they are written today, and as they must not be. */
final class MedGemmaConfigTest {
    /** What the published 4B folders leave to the defaults of the classes. */
    private static final String SPARSE_4B = """
            {"architectures":["Gemma3ForConditionalGeneration"],"model_type":"gemma3","boi_token_index":255999,
             "eoi_token_index":256000,"image_token_index":262144,"mm_tokens_per_image":256,"eos_token_id":[1,106],
             "initializer_range":0.02,"torch_dtype":"bfloat16","transformers_version":"4.50.0.dev0",
             "text_config":{"model_type":"gemma3_text","hidden_size":2560,"intermediate_size":10240,
              "num_hidden_layers":34,"rope_scaling":{"factor":8.0,"rope_type":"linear"},"sliding_window":1024},
             "vision_config":{"model_type":"siglip_vision_model","hidden_size":1152,"image_size":896,
              "intermediate_size":4304,"num_attention_heads":16,"num_hidden_layers":27,"patch_size":14,
              "vision_use_head":false}}""";

    private static final String TEXT_ONLY = """
            {"architectures":["Gemma3ForCausalLM"],"model_type":"gemma3_text","hidden_size":1152,
             "intermediate_size":6912,"num_hidden_layers":26,"num_attention_heads":4,"num_key_value_heads":1,
             "sliding_window":512,"vocab_size":262144,"torch_dtype":"bfloat16"%s}""";

    @TempDir
    Path folder;

    private MedGemmaConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"),
                List.of(NewTensor.of("x", FileType.F32, new float[] {1}, 1)),
                Map.of());
        try (var checkpoint = Checkpoint.open(folder)) {
            return MedGemmaConfig.of(checkpoint);
        }
    }

    @Test
    void sparseFilesHaveTheDefaultsOfTheClasses() throws IOException {
        var config = read(SPARSE_4B);
        var text = config.text();
        assertThat(text.vocabSize()).isEqualTo(262_208);
        assertThat(List.of(text.heads(), text.kvHeads(), text.headDim())).containsExactly(8, 4, 256);
        assertThat(text.queryPreAttnScalar()).isEqualTo(256);
        assertThat(text.embeddingFactor()).isEqualTo(50.5f);
        assertThat(text.globalRope()).isEqualTo(new RopeTable(256, 1_000_000, 8));
        assertThat(text.localRope()).isEqualTo(new RopeTable(256, 10_000, 1));
        assertThat(text.tied()).isTrue();
        assertThat(text.maxPositions()).isEqualTo(131_072);
        assertThat(text.attnSoftCap() + text.finalSoftCap()).isZero();
        var global = Stream.iterate(0, i -> i < 34, i -> i + 1)
                .filter(i -> text.layers().get(i) == Layer.GLOBAL)
                .toList();
        assertThat(global).containsExactly(5, 11, 17, 23, 29);
        var images = config.images().orElseThrow();
        assertThat(images.tokensPerImage()).isEqualTo(256);
        assertThat(images.pool()).isEqualTo(4);
        assertThat(images.vision().patches()).isEqualTo(4096);
        assertThat(images.softToken()).isEqualTo(262_144);
        assertThat(config.stopTokens()).containsExactly(1, 106);
    }

    @Test
    void theCacheHasRingsAndFullLayers() throws IOException {
        var plan = read(SPARSE_4B).text().cache(WeightFormat.BF16, 32_768, 512);
        assertThat(plan.windows()).hasSize(34);
        assertThat(plan.windows().subList(4, 7)).containsExactly(1024, KvPlan.EVERYTHING, 1024);
        assertThat(plan.kvHeads() * plan.headDim()).isEqualTo(1024);
    }

    @Test
    void textOnly() throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[1,106],\"top_k\":64}");
        var config = read(
                TEXT_ONLY.formatted(",\"eos_token_id\":1,\"sliding_window_pattern\":2,\"final_logit_softcapping\":30.0,"
                        + "\"query_pre_attn_scalar\":168,\"tie_word_embeddings\":false,\"rope_theta\":500000"));
        assertThat(config.images()).isEmpty();
        assertThat(config.text().layers().subList(0, 3)).containsExactly(Layer.SLIDING, Layer.GLOBAL, Layer.SLIDING);
        assertThat(config.text().globalRope()).isEqualTo(new RopeTable(256, 500_000, 1));
        assertThat(config.text().finalSoftCap()).isEqualTo(30);
        assertThat(config.text().queryPreAttnScalar()).isEqualTo(168);
        assertThat(config.text().tied()).isFalse();
        assertThat(config.stopTokens()).containsExactly(1, 106);
    }

    @Test
    void ropeInEachNotation() throws IOException {
        String full = "{\"rope_type\":\"linear\",\"factor\":4,\"rope_theta\":7}";
        assertThat(global(",\"rope_parameters\":{\"full_attention\":" + full + "}"))
                .isEqualTo(rope(7, 4));
        assertThat(global(",\"rope_parameters\":" + full)).isEqualTo(rope(7, 4));
        assertThat(global(",\"rope_scaling\":{\"type\":\"linear\",\"factor\":2},\"rope_parameters\":" + full))
                .isEqualTo(rope(7, 2));
        assertThat(global(",\"rope_scaling\":null")).isEqualTo(rope(1_000_000, 1));
        var sliding = read(TEXT_ONLY.formatted(
                ",\"rope_parameters\":{\"sliding_attention\":{\"rope_type\":\"default\",\"rope_theta\":5}}"));
        assertThat(sliding.text().localRope()).isEqualTo(rope(5, 1));
        assertThat(sliding.text().globalRope()).isEqualTo(rope(1_000_000, 1));
    }

    private RopeTable global(String fields) throws IOException {
        return read(TEXT_ONLY.formatted(fields)).text().globalRope();
    }

    private static RopeTable rope(double theta, double factor) {
        return new RopeTable(256, theta, factor);
    }

    @Test
    void theFactorOfWordsHasTheTypeOfTheCheckpoint() throws IOException {
        String bf16 = TEXT_ONLY.formatted("");
        assertThat(read(bf16).text().embeddingFactor()).isEqualTo(34);
        assertThat(read(bf16.replace("bfloat16", "float32")).text().embeddingFactor())
                .isEqualTo((float) Math.sqrt(1152));
        assertThat(read(bf16.replace("bfloat16", "float16")).text().embeddingFactor())
                .isEqualTo(33.9375f);
        assertThat(read(SPARSE_4B.replace("\"torch_dtype\":\"bfloat16\",", ""))
                        .text()
                        .embeddingFactor())
                .isEqualTo(50.5f);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused(",\"rope_gap\":1", "config.json: Konsil does not know what to do with rope_gap"),
                refused(",\"model_type\":\"llama\"", "twice"),
                refused(",\"attention_bias\":true", "attention_bias: Konsil cannot run attention with biases"),
                refused(",\"use_bidirectional_attention\":true", "use_bidirectional_attention"),
                refused(",\"hidden_activation\":\"silu\"", "hidden_activation: want gelu_pytorch_tanh, got silu"),
                refused(",\"rope_scaling\":{\"rope_type\":\"yarn\",\"factor\":2}", "rope_scaling.rope_type"),
                refused(",\"rope_scaling\":{\"rope_type\":\"linear\"}", "rope_scaling.rope_type"),
                refused(",\"rope_scaling\":{\"rope_type\":\"default\",\"factor\":2}", "rope_scaling.rope_type"),
                refused(",\"rope_scaling\":{\"rope_type\":\"default\",\"beta\":2}", "rope_scaling.beta"),
                refused(",\"layer_types\":[\"full_attention\"]", "layer_types: want 26 of them, got 1"),
                refused(",\"layer_types\":[\"linear\"]", "layer_types: want full_attention or sliding_attention"),
                refused(",\"head_dim\":7", "head_dim: want an even number, got 7"),
                refused(",\"head_dim\":0", "head_dim: want 1 to"),
                refused(",\"rms_norm_eps\":0", "rms_norm_eps: want a number above 0"),
                refused(",\"query_pre_attn_scalar\":-1", "query_pre_attn_scalar"),
                refused(",\"attn_logit_softcapping\":0", "attn_logit_softcapping"),
                refused(",\"sliding_window_pattern\":0", "sliding_window_pattern"),
                refused(",\"quantization_config\":{}", "quantised for another engine"),
                refused(",\"dtype\":\"int4\"", "dtype: want bfloat16, float16 or float32"),
                refused(",\"eos_token_id\":\"end\"", "eos_token_id: want one id or a list of ids"));
    }

    private static Arguments refused(String fields, String message) {
        return Arguments.argumentSet(fields, fields, message);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatCannotBeUsedIsRefusedByName(String fields, String message) {
        assertThatThrownBy(() -> read(TEXT_ONLY.formatted(fields)))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> refusedWithImages() {
        return Stream.of(
                Arguments.of("\"model_type\":\"gemma3\"", "\"model_type\":\"paligemma\"", "want gemma3 or gemma3_text"),
                Arguments.of("Gemma3ForConditionalGeneration", "LlamaForCausalLM", "architectures: want Gemma3"),
                Arguments.of("\"patch_size\":14", "\"patch_size\":15", "image_size 896 is not a multiple"),
                Arguments.of("_attention_heads\":16", "_attention_heads\":17", "is not a multiple of num_attention"),
                Arguments.of("_per_image\":256", "_per_image\":255", "mm_tokens_per_image: want a square number"),
                Arguments.of("_per_image\":256", "_per_image\":225", "64 patches a side cannot be pooled to 15"),
                Arguments.of("siglip_vision_model", "clip_vision_model", "vision_config.model_type"),
                Arguments.of("\"patch_size\":14", "\"patch_size\":14,\"hidden_act\":\"gelu\"", "hidden_act"),
                Arguments.of("\"patch_size\":14", "\"patch_size\":14,\"num_channels\":1", "want 3, got 1"),
                Arguments.of("\"patch_size\":14", "\"patch_size\":14,\"depth\":1", "vision_config.depth"),
                Arguments.of("\"sliding_window\":1024", "\"sliding_window\":1024,\"z\":1", "text_config.z"),
                Arguments.of("\"hidden_size\":2560", "\"hidden_size\":\"x\"", "text_config.hidden_size: want a whole"));
    }

    @ParameterizedTest
    @MethodSource("refusedWithImages")
    void whatCannotBeUsedOfImagesIsRefusedByName(String part, String instead, String message) {
        assertThat(SPARSE_4B).contains(part);
        assertThatThrownBy(() -> read(SPARSE_4B.replace(part, instead)))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void tensorsWithoutAConfigurationAreRefused() {
        var file = Golden.of("gemma3-a").file("model.safetensors");
        assertThatThrownBy(() -> {
                    try (var checkpoint = Checkpoint.open(file)) {
                        MedGemmaConfig.of(checkpoint);
                    }
                })
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining("want a config.json with the tensors");
    }

    private MedGemmaConfig gguf(Map<String, MetaValue> changes) throws IOException {
        var metadata = new LinkedHashMap<String, MetaValue>();
        metadata.put("general.architecture", new MetaValue.Text("gemma3"));
        metadata.put("gemma3.embedding_length", whole(5376));
        metadata.put("gemma3.feed_forward_length", whole(21_504));
        metadata.put("gemma3.block_count", whole(62));
        metadata.put("gemma3.attention.head_count", whole(32));
        metadata.put("gemma3.attention.head_count_kv", whole(16));
        metadata.put("gemma3.attention.key_length", whole(128));
        metadata.put("gemma3.attention.value_length", whole(128));
        metadata.put("gemma3.attention.sliding_window", whole(1024));
        metadata.put("gemma3.attention.layer_norm_rms_epsilon", new MetaValue.Real(MetaType.F32, 1e-6f));
        metadata.put("gemma3.rope.freq_base", new MetaValue.Real(MetaType.F32, 1e6));
        metadata.put("gemma3.rope.scaling.type", new MetaValue.Text("linear"));
        metadata.put("gemma3.rope.scaling.factor", new MetaValue.Real(MetaType.F32, 8));
        metadata.put("tokenizer.ggml.eos_token_id", whole(106));
        metadata.put("tokenizer.ggml.tokens", MetaValue.Items.ofTexts(List.of("a", "<eos>", "<end_of_turn>")));
        metadata.putAll(changes);
        Path file = folder.resolve("model.gguf");
        GgufWriter.write(file, metadata, List.of(NewTensor.of("token_embd.weight", FileType.F32, new float[10], 5, 2)));
        try (var checkpoint = Checkpoint.open(file)) {
            return MedGemmaConfig.of(checkpoint);
        }
    }

    private static MetaValue whole(int value) {
        return new MetaValue.Whole(MetaType.U32, value);
    }

    @Test
    void ggufLeavesOutWhatItsReadersKnow() throws IOException {
        var text = gguf(Map.of()).text();
        assertThat(text.vocabSize()).isEqualTo(5);
        assertThat(text.queryPreAttnScalar()).isEqualTo(168);
        assertThat(text.embeddingFactor()).isEqualTo((float) Math.sqrt(5376));
        assertThat(text.layers().indexOf(Layer.GLOBAL)).isEqualTo(5);
        assertThat(text.globalRope()).isEqualTo(new RopeTable(128, 1_000_000, 8));
        assertThat(text.localRope()).isEqualTo(new RopeTable(128, 10_000, 1));
        assertThat(text.tied()).isTrue();
        assertThat(gguf(Map.of()).stopTokens()).containsExactly(106, 1, 2);
        assertThat(gguf(Map.of("gemma3.block_count", whole(34))).text().queryPreAttnScalar())
                .isEqualTo(128);
    }

    @Test
    void ggufSaysItInNewerFiles() throws IOException {
        var text = gguf(Map.of(
                        "gemma3.attention.sliding_window_pattern", whole(2),
                        "gemma3.rope.freq_base_swa", new MetaValue.Real(MetaType.F32, 500),
                        "gemma3.attention.scale", new MetaValue.Real(MetaType.F32, 0.125),
                        "gemma3.final_logit_softcapping", new MetaValue.Real(MetaType.F32, 30)))
                .text();
        assertThat(text.layers().subList(0, 3)).containsExactly(Layer.SLIDING, Layer.GLOBAL, Layer.SLIDING);
        assertThat(text.localRope().theta()).isEqualTo(500);
        assertThat(text.queryPreAttnScalar()).isEqualTo(64);
        assertThat(text.finalSoftCap()).isEqualTo(30);
        var named = gguf(Map.of(
                        "gemma3.block_count", whole(3),
                        "gemma3.attention.sliding_window_pattern", MetaValue.Items.ofInts(0, 1, 1)))
                .text();
        assertThat(named.layers()).containsExactly(Layer.GLOBAL, Layer.SLIDING, Layer.SLIDING);
    }

    @Test
    void ggufThatCannotBeUsedIsRefusedByKey() {
        refusedGguf("general.architecture", new MetaValue.Text("llama"), "want gemma3, got llama");
        refusedGguf("general.architecture", new MetaValue.Text("clip"), "Give the text model first");
        refusedGguf("gemma3.mm.tokens_per_image", whole(3), "does not know what to do with gemma3.mm.tokens_per_image");
        refusedGguf("gemma3.rope.scaling.type", new MetaValue.Text("yarn"), "want linear or none, got yarn");
        refusedGguf("gemma3.attention.value_length", whole(64), "want 128 like the keys");
        refusedGguf("gemma3.attention.head_count", whole(30), "is not a multiple of num_key_value_heads");
        refusedGguf("gemma3.block_count", whole(1_000_000), "gemma3.block_count: want 1 to 1000");
        refusedGguf("clip.has_vision_encoder", new MetaValue.Flag(true), "clip.vision.image_size");
    }

    private void refusedGguf(String key, MetaValue value, String message) {
        assertThatThrownBy(() -> gguf(Map.of(key, value)))
                .as(key)
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }
}
