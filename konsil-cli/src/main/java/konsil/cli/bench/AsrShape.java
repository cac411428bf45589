package konsil.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
    private static final long SUBSAMPLING_KERNEL = 5;

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
        var tensors = new LinkedHashMap<String, List<Long>>();
        String subsampler = "encoder.subsampler.";
        put(tensors, subsampler + "dense_0", hidden, MEL_BINS);
        put(tensors, subsampler + "conv_0", hidden, hidden, SUBSAMPLING_KERNEL);
        put(tensors, subsampler + "conv_1", channels, hidden, SUBSAMPLING_KERNEL);
        put(tensors, subsampler + "dense_1", hidden, channels);
        for (int layer = 0; layer < layers; layer++) {
            addLayer(tensors, "encoder.layers." + layer + ".");
        }
        tensors.put("encoder.out_norm.weight", List.of(hidden));
        put(tensors, "ctc_head", TOKENS, hidden, 1);
        return tensors;
    }

    private void addLayer(SequencedMap<String, List<Long>> tensors, String layer) {
        for (String branch : List.of("feed_forward1", "feed_forward2")) {
            tensors.put(layer + branch + ".linear1.weight", List.of(intermediate, hidden));
            tensors.put(layer + branch + ".linear2.weight", List.of(hidden, intermediate));
        }
        for (String projection : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
            tensors.put(layer + "self_attn." + projection + ".weight", List.of(hidden, hidden));
        }
        tensors.put(layer + "conv.pointwise_conv1.weight", List.of(2 * hidden, hidden, 1L));
        tensors.put(layer + "conv.depthwise_conv.weight", List.of(hidden, 1L, KERNEL));
        tensors.put(layer + "conv.pointwise_conv2.weight", List.of(hidden, hidden, 1L));
        for (String values : List.of("weight", "bias", "running_mean", "running_var")) {
            tensors.put(layer + "conv.norm." + values, List.of(hidden));
        }
        for (String norm : List.of("feed_forward1", "self_att", "conv", "feed_forward2", "out")) {
            tensors.put(layer + "norm_" + norm + ".weight", List.of(hidden));
        }
    }

    private static void put(SequencedMap<String, List<Long>> tensors, String name, Long... sizes) {
        tensors.put(name + ".weight", List.of(sizes));
        tensors.put(name + ".bias", List.of(sizes[0]));
    }

    private static void put(SequencedMap<String, List<Long>> tensors, String name, long out, long in, int kernel) {
        put(tensors, name, out, in, (long) kernel);
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
