package konsil.medasr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Names and shapes of all tensors of a configuration, as Google's folder has them (transformers LASR). */
public final class PublishedTensors {
    private final SequencedMap<String, List<Long>> tensors = new LinkedHashMap<>();
    private final EncoderConfig config;
    private final long hidden;

    private PublishedTensors(EncoderConfig config) {
        this.config = config;
        this.hidden = config.hiddenSize();
    }

    /** Shape by name, outermost size first. */
    public static SequencedMap<String, List<Long>> of(MedAsrConfig config) {
        var published = new PublishedTensors(config.encoder());
        published.subsampler(config.encoder().subsampling());
        for (int layer = 0; layer < config.encoder().layers(); layer++) {
            published.layer("encoder.layers." + layer + ".");
        }
        published.norm("encoder.out_norm");
        published.put("ctc_head", true, config.vocabSize(), published.hidden, 1L);
        return published.tensors;
    }

    private void subsampler(EncoderConfig.Subsampling c) {
        String subsampler = "encoder.subsampler.";
        put(subsampler + "dense_0", true, hidden, (long) c.melBins());
        put(subsampler + "conv_0", true, hidden, hidden, (long) c.kernel());
        put(subsampler + "conv_1", true, c.channels(), hidden, (long) c.kernel());
        put(subsampler + "dense_1", true, hidden, (long) c.channels());
    }

    private void layer(String layer) {
        long keys = (long) config.kvHeads() * config.headDim();
        long queries = (long) config.heads() * config.headDim();
        boolean bias = config.attentionBias();
        for (String branch : List.of("feed_forward1", "feed_forward2")) {
            put(layer + branch + ".linear1", bias, config.intermediateSize(), hidden);
            put(layer + branch + ".linear2", bias, hidden, (long) config.intermediateSize());
        }
        put(layer + "self_attn.q_proj", bias, queries, hidden);
        put(layer + "self_attn.k_proj", bias, keys, hidden);
        put(layer + "self_attn.v_proj", bias, keys, hidden);
        put(layer + "self_attn.o_proj", bias, hidden, queries);
        put(layer + "conv.pointwise_conv1", config.convolutionBias(), 2 * hidden, hidden, 1L);
        put(layer + "conv.depthwise_conv", config.convolutionBias(), hidden, 1L, (long) config.convKernel());
        put(layer + "conv.pointwise_conv2", config.convolutionBias(), hidden, hidden, 1L);
        for (String values : List.of("weight", "bias", "running_mean", "running_var")) {
            tensors.put(layer + "conv.norm." + values, List.of(hidden));
        }
        for (String branch : List.of("feed_forward1", "self_att", "conv", "feed_forward2", "out")) {
            norm(layer + "norm_" + branch);
        }
    }

    private void norm(String name) {
        tensors.put(name + ".weight", List.of(hidden));
    }

    private void put(String name, boolean bias, long rows, Long... rest) {
        var shape = new ArrayList<Long>(List.of(rows));
        shape.addAll(List.of(rest));
        tensors.put(name + ".weight", List.copyOf(shape));
        if (bias) {
            tensors.put(name + ".bias", List.of(rows));
        }
    }
}
