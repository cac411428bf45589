package konsil.medasr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.FileType;
import konsil.tensor.file.NewTensor;
import konsil.tensor.file.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as they are published, as they are written today, and as they must not be. */
final class MedAsrConfigTest {
    private static final String SPARSE = "{\"model_type\":\"lasr_ctc\"}";

    private static final String FULL = """
            {"architectures":["LasrForCTC"],"model_type":"lasr_ctc","ctc_loss_reduction":"mean",
             "ctc_zero_infinity":true,"dtype":"float32","pad_token_id":0,"vocab_size":512,"encoder_config":{
              "model_type":"lasr_encoder","hidden_size":512,"num_attention_heads":8,"hidden_act":"silu",
              "layerdrop":0.1,"dropout":0.1,"batch_norm_momentum":0.01,"max_position_embeddings":10000,
              "rope_parameters":{"rope_theta":10000.0,"rope_type":"default"},"conv_kernel_size":32,
              "feed_forward_residual_weights":[1.5,0.5],"conv_residual_weights":[2,1]}}""";

    private static final String FEATURES = """
            {"feature_extractor_type":"LASRFeatureExtractor","feature_size":128,"hop_length":160,"n_fft":512,
             "padding_side":"right","padding_value":0.0,"sampling_rate":16000,"win_length":400}""";

    @TempDir
    Path folder;

    private MedAsrConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"),
                List.of(NewTensor.of("x", FileType.F32, new float[] {1}, 1)),
                Map.of());
        try (var checkpoint = Checkpoint.open(folder)) {
            return MedAsrConfig.of(checkpoint);
        }
    }

    @Test
    void sparseFilesHaveTheDefaultsOfTheClasses() throws IOException {
        var config = read(SPARSE);
        assertThat(config).isEqualTo(read(FULL));
        var encoder = config.encoder();
        assertThat(List.of(encoder.hiddenSize(), encoder.layers(), encoder.heads(), encoder.kvHeads()))
                .containsExactly(512, 17, 8, 8);
        assertThat(List.of(encoder.headDim(), encoder.intermediateSize(), encoder.convKernel(), encoder.left()))
                .containsExactly(64, 2048, 32, 15);
        assertThat(encoder.subsampling()).isEqualTo(new EncoderConfig.Subsampling(128, 256, 5, 2));
        assertThat(encoder.feedForward()).isEqualTo(new Residual(1.5f, 0.5f));
        assertThat(encoder.convolution()).isEqualTo(new Residual(2, 1));
        assertThat(encoder.layerNormEps()).isEqualTo(1e-6);
        assertThat(encoder.ropeTheta()).isEqualTo(10_000);
        assertThat(encoder.attentionBias() || encoder.convolutionBias()).isFalse();
        assertThat(List.of(config.vocabSize(), config.blank())).containsExactly(512, 0);
    }

    @Test
    void theBaseOfAnglesInOldAndNewPlaces() throws IOException {
        String rope = "\"rope_parameters\":{\"rope_theta\":10000.0,\"rope_type\":\"default\"}";
        assertThat(read(FULL.replace(rope, "\"rope_theta\":500")).encoder().ropeTheta())
                .isEqualTo(500);
        assertThat(read(FULL.replace(rope, "\"rope_scaling\":{\"type\":\"default\",\"rope_theta\":600}"))
                        .encoder()
                        .ropeTheta())
                .isEqualTo(600);
        assertThat(read(FULL.replace(rope, "\"rope_parameters\":null"))).isEqualTo(read(FULL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "lasr_ctc | parakeet_ctc | model_type: want lasr_ctc, got parakeet_ctc",
                "lasr_encoder | parakeet_encoder | encoder_config.model_type: want lasr_encoder",
                "LasrForCTC | ParakeetForCTC | architectures: want LasrForCTC",
                "\"silu\" | \"gelu\" | encoder_config.hidden_act: want silu, got gelu",
                "\"layerdrop\" | \"layerjump\" | what to do with encoder_config.layerjump",
                "\"dtype\" | \"gtype\" | what to do with gtype",
                "\"default\" | \"yarn\" | encoder_config.rope_parameters.rope_type: want default",
                "\"hidden_size\":512 | \"hidden_size\":500 | encoder_config.hidden_size: 500 is not a multiple of 8",
                "\"hidden_size\":512 | \"hidden_size\":0 | hidden_size: want 1",
                "\"num_attention_heads\":8 | \"num_attention_heads\":0 | num_attention_heads: want 1",
                "\"num_attention_heads\":8 | \"num_attention_heads\":8,\"num_key_value_heads\":3 | not a multiple of",
                "\"conv_kernel_size\":32 | \"conv_kernel_size\":-1 | conv_kernel_size: want 1",
                "[1.5,0.5] | [1.5] | feed_forward_residual_weights: want two numbers, got 1",
                "[2,1] | [\"2\",1] | conv_residual_weights: want two numbers",
                "\"pad_token_id\":0 | \"pad_token_id\":512 | pad_token_id: want one of the 512 tokens, got 512",
                "\"mean\" | \"median\" | ctc_loss_reduction: want mean, sum or none",
                "\"dropout\":0.1 | \"num_mel_bins\":80 | num_mel_bins: want 128, got 80",
                "\"pad_token_id\":0 | \"quantization_config\":{} | quantization_config: the weights are quantised",
            })
    void refusesWhatItCannotRun(String part, String instead, String message) {
        String json = FULL.replace(part, instead);
        assertThat(json).isNotEqualTo(FULL);
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "16000 | 8000 | sampling_rate: want 16000, got 8000",
                ":160, | :80, | hop_length: want 160, got 80",
                "400 | 320 | win_length: want 400, got 320",
                ":512 | :400 | n_fft: want 512, got 400",
                ":128 | :80 | feature_size: want 128, got 80",
                "LASRFeature | Parakeet | feature_extractor_type: want LasrFeatureExtractor",
                "padding_side | preemphasis | what to do with",
            })
    void refusesSoundThatIsPreparedOtherwise(String part, String instead, String message) throws IOException {
        String changed = FEATURES.replace(part, instead);
        assertThat(changed).isNotEqualTo(FEATURES);
        Files.writeString(folder.resolve("preprocessor_config.json"), FEATURES);
        Files.writeString(
                folder.resolve("processor_config.json"),
                "{\"processor_class\":\"LasrProcessor\",\"feature_extractor\":%s}".formatted(FEATURES));
        assertThat(read(SPARSE)).isEqualTo(read(FULL));
        Files.writeString(folder.resolve("preprocessor_config.json"), changed);
        assertThatThrownBy(() -> read(SPARSE))
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(message);
    }
}
