package konsil.medasr;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The tensors of a LASR checkpoint (transformers modeling_lasr.py), by published name and in published shape. */
public final class TensorShapes {
    private final MedAsrConfig config;
    private final long hidden;
    private final SequencedMap<String, List<Long>> shapes = new LinkedHashMap<>();

    private TensorShapes(MedAsrConfig config) {
        this.config = config;
        this.hidden = config.encoder().hiddenSize();
    }

    /** All but the counts of batches, which are no real numbers. */
    public static SequencedMap<String, List<Long>> of(MedAsrConfig config) {
        var tensors = new TensorShapes(config);
        tensors.subsampler();
        for (int layer = 0; layer < config.encoder().layers(); layer++) {
            tensors.layer("encoder.layers." + layer + ".");
        }
        tensors.shapes.put("encoder.out_norm.weight", List.of(tensors.hidden));
        tensors.put("ctc_head", true, config.vocabSize(), tensors.hidden, 1);
        return tensors.shapes;
    }

    private void subsampler() {
        var s = config.encoder().subsampling();
        String subsampler = "encoder.subsampler.";
        put(subsampler + "dense_0", true, hidden, s.melBins());
        put(subsampler + "conv_0", true, hidden, hidden, s.kernel());
        put(subsampler + "conv_1", true, s.channels(), hidden, s.kernel());
        put(subsampler + "dense_1", true, hidden, s.channels());
    }

    private void layer(String layer) {
        var c = config.encoder();
        for (String branch : List.of("feed_forward1", "feed_forward2")) {
            put(layer + branch + ".linear1", c.attentionBias(), c.intermediateSize(), hidden);
            put(layer + branch + ".linear2", c.attentionBias(), hidden, c.intermediateSize());
        }
        long queries = (long) c.heads() * c.headDim();
        long keys = (long) c.kvHeads() * c.headDim();
        put(layer + "self_attn.q_proj", c.attentionBias(), queries, hidden);
        put(layer + "self_attn.k_proj", c.attentionBias(), keys, hidden);
        put(layer + "self_attn.v_proj", c.attentionBias(), keys, hidden);
        put(layer + "self_attn.o_proj", c.attentionBias(), hidden, queries);
        put(layer + "conv.pointwise_conv1", c.convolutionBias(), 2 * hidden, hidden, 1);
        put(layer + "conv.depthwise_conv", c.convolutionBias(), hidden, 1, c.convKernel());
        put(layer + "conv.pointwise_conv2", c.convolutionBias(), hidden, hidden, 1);
        put(layer + "conv.norm", true, hidden);
        for (String statistic : List.of("running_mean", "running_var")) {
            shapes.put(layer + "conv.norm." + statistic, List.of(hidden));
        }
        for (String norm : List.of("feed_forward1", "self_att", "conv", "feed_forward2", "out")) {
            shapes.put(layer + "norm_" + norm + ".weight", List.of(hidden));
        }
    }

    private void put(String name, boolean biased, long... sizes) {
        shapes.put(name + ".weight", Arrays.stream(sizes).boxed().toList());
        if (biased) {
            shapes.put(name + ".bias", List.of(sizes[0]));
        }
    }
}
