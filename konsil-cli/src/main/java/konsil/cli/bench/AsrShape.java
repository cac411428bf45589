package konsil.cli.bench;

import java.util.List;
import java.util.SequencedMap;
import konsil.medasr.EncoderConfig;
import konsil.medasr.MedAsrConfig;
import konsil.medasr.Residual;
import konsil.medasr.TensorShapes;
import konsil.tensor.BadInputException;

/**
 * A shape of the LASR family, for measuring without published weights.
 *
 * @param published whether it is MedASR's
 */
record AsrShape(long hidden, int layers, int heads, long intermediate, long channels, boolean published) {
    static final String MEDASR = "medasr-105m";

    /** Small enough to be trained whole on a laptop. */
    static final String POCKET = "pocket";

    private static final long TOKENS = 512;
    private static final long MEL_BINS = 128;
    private static final long KERNEL = 32;

    /** @throws BadInputException naming the shapes there are */
    static AsrShape named(String name) {
        return switch (name) {
            case MEDASR -> new AsrShape(512, 17, 8, 2048, 256, true);
            case POCKET -> new AsrShape(144, 6, 4, 576, 144, false);
            case "tiny" -> new AsrShape(64, 2, 4, 128, 32, false);
            default ->
                throw new BadInputException("--shape: want %s, %s or tiny, got %s".formatted(MEDASR, POCKET, name));
        };
    }

    ModelShape model() {
        String config = """
                {"architectures": ["LasrForCTC"], "model_type": "lasr_ctc", "vocab_size": %d, "pad_token_id": 0,
                 "encoder_config": {"model_type": "lasr_encoder", "hidden_size": %d, "num_hidden_layers": %d,
                  "num_attention_heads": %d, "num_key_value_heads": %4$d, "intermediate_size": %d,
                  "conv_kernel_size": %d, "num_mel_bins": %d, "subsampling_conv_channels": %d}}
                """.formatted(TOKENS, hidden, layers, heads, intermediate, KERNEL, MEL_BINS, channels);
        return new ModelShape(published ? MEDASR : "tiny", tensors(), config);
    }

    private SequencedMap<String, List<Long>> tensors() {
        int head = (int) (hidden / heads);
        var subsampling = new EncoderConfig.Subsampling((int) MEL_BINS, (int) channels, 5, 2);
        var encoder = new EncoderConfig(
                (int) hidden,
                layers,
                heads,
                heads,
                head,
                (int) intermediate,
                (int) KERNEL,
                subsampling,
                false,
                false,
                new Residual(1.5f, 0.5f),
                new Residual(2, 1),
                1e-6,
                10_000);
        return TensorShapes.of(new MedAsrConfig(encoder, (int) TOKENS, 0));
    }

    /**
     * Multiplications and additions of all products with weights, for one frame of 40 ms: log-mel frames are four times
     * as many, those between the two convolutions twice.
     */
    double frameOperations() {
        double sum = 0;
        for (var tensor : tensors().entrySet()) {
            String name = tensor.getKey();
            int times = name.contains("dense_0") ? 4 : name.contains("conv_0") ? 2 : 1;
            if (tensor.getValue().size() > 1) {
                sum += 2.0 * times * tensor.getValue().stream().reduce(1L, Math::multiplyExact);
            }
        }
        return sum;
    }
}
