package konsil.medasr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import konsil.kernel.Activation;
import konsil.medasr.WorkingFormat.Part;
import konsil.tensor.BatchStatistics;
import konsil.tensor.KvCache;
import konsil.tensor.Ops;
import konsil.tensor.Projection;
import konsil.tensor.Tensor;

/**
 * The LASR network (Conformer, arXiv:2005.08100, with rotary positions and weighted residuals; transformers
 * modeling_lasr.py): log-mel frames in, logits of a CTC head out. Sees its whole input at once; positions count from
 * its beginning.
 *
 * @param zeros hiddenSize of them: no layer norm has a bias
 * @param outNorm the norm after the last block
 * @param head hiddenSize to vocabSize
 */
public record Conformer(
        EncoderConfig config, Subsampler subsampler, List<Block> layers, Tensor zeros, Tensor outNorm, Affine head) {
    /** PyTorch's default, which no configuration names. */
    private static final float BATCH_NORM_EPS = 1e-5f;

    public Conformer {
        layers = List.copyOf(layers);
    }

    /** The same network with other statistics in its batch norms. */
    public Conformer with(UnaryOperator<BatchStatistics> statistics) {
        var other = layers.stream()
                .map(b -> new Block(
                        b.feedForward1(), b.selfAttn(), b.conv().with(statistics), b.feedForward2(), b.normOut()))
                .toList();
        return new Conformer(config, subsampler, other, zeros, outNorm, head);
    }

    /** A matrix, and its bias where there is one. */
    public record Affine(Projection weight, Optional<Tensor> bias) {
        Tensor of(Ops ops, Tensor x) {
            Tensor y = ops.project(x, weight);
            return bias.map(b -> ops.addBias(y, b)).orElse(y);
        }
    }

    /**
     * Frames of features to fewer hidden vectors.
     *
     * @param conv0 (hiddenSize, kernel, hiddenSize)
     * @param conv1 (channels, kernel, hiddenSize)
     */
    public record Subsampler(
            Affine dense0, Tensor conv0, Tensor conv0Bias, Tensor conv1, Tensor conv1Bias, Affine dense1) {}

    /** One layer: two halves of a feed-forward network, attention and a convolution between them. */
    public record Block(
            FeedForward feedForward1, Attention selfAttn, Convolution conv, FeedForward feedForward2, Tensor normOut) {}

    /** A branch with its norm. */
    public record FeedForward(Tensor norm, Affine linear1, Affine linear2) {}

    /** A branch with its norm. */
    public record Attention(Tensor norm, Affine qProj, Affine kProj, Affine vProj, Affine oProj) {}

    /**
     * A branch with its norm.
     *
     * @param depthwise (kernel, hiddenSize)
     * @param batchWeight of the batch norm, as is batchBias
     */
    public record Convolution(
            Tensor norm,
            Affine pointwise1,
            Tensor depthwise,
            Optional<Tensor> depthwiseBias,
            BatchStatistics statistics,
            Tensor batchWeight,
            Tensor batchBias,
            Affine pointwise2) {
        private Convolution with(UnaryOperator<BatchStatistics> other) {
            var changed = other.apply(statistics);
            return new Convolution(
                    norm, pointwise1, depthwise, depthwiseBias, changed, batchWeight, batchBias, pointwise2);
        }
    }

    /**
     * The encoder.
     *
     * @param features (frames, melBins), enough for one frame of the output
     * @param none how keys and values are rounded on the way
     * @return (frames as {@link EncoderConfig.Subsampling#frames} counts, hiddenSize)
     */
    public Tensor encode(Ops ops, Tensor features, KvCache.None none) {
        var clip = new Clips(new int[] {features.dim(0)}, config.subsampling());
        return encode(ops, subsample(ops, features), clip, none);
    }

    /**
     * The encoder on several clips at once, none of which sees another; each comes out as if it were alone, unless
     * batch norms take the statistics of the batch.
     *
     * @param features ({@link Clips#rows}, melBins)
     * @return (frames of all clips, hiddenSize), one clip after the other
     */
    public Tensor encodeAll(Ops ops, Tensor features, Clips clips, KvCache.None none) {
        return encode(ops, ops.selectRows(subsample(ops, features), clips.whole()), clips, none);
    }

    private Tensor encode(Ops ops, Tensor x, Clips clips, KvCache.None none) {
        var layout = new Layout(clips.lengths(), clips.positions(), none);
        // two links for each layer, so that neither half holds what the other needs
        Tensor y = ops.chain(x, 2 * layers.size(), (i, hidden) -> {
            Block b = layers.get(i / 2);
            if (i % 2 == 0) {
                Tensor fed = feed(ops, hidden, b.feedForward1());
                return attend(ops, fed, b.selfAttn(), layout);
            }
            return norm(ops, feed(ops, convolve(ops, hidden, b.conv(), layout), b.feedForward2()), b.normOut());
        });
        return norm(ops, y, outNorm);
    }

    /** How frames of clips lie. */
    private record Layout(int[] lengths, long[] positions, KvCache.None none) {}

    /** (frames, hiddenSize) to (frames, vocabSize). */
    public Tensor logits(Ops ops, Tensor encoded) {
        return head.of(ops, encoded);
    }

    private Tensor subsample(Ops ops, Tensor features) {
        int stride = config.subsampling().stride();
        Tensor x = ops.activate(Activation.RELU, subsampler.dense0().of(ops, features));
        x = ops.addBias(ops.conv1d(x, subsampler.conv0(), stride), subsampler.conv0Bias());
        x = ops.conv1d(ops.activate(Activation.RELU, x), subsampler.conv1(), stride);
        x = ops.activate(Activation.RELU, ops.addBias(x, subsampler.conv1Bias()));
        return subsampler.dense1().of(ops, x);
    }

    private Tensor feed(Ops ops, Tensor x, FeedForward f) {
        Tensor inner = f.linear1().of(ops, norm(ops, x, f.norm()));
        return joined(ops, x, config.feedForward(), f.linear2().of(ops, ops.activate(Activation.SILU, inner)));
    }

    private Tensor attend(Ops ops, Tensor x, Attention a, Layout layout) {
        Tensor normed = norm(ops, x, a.norm());
        Tensor q = ops.rope(a.qProj().of(ops, normed), config.rope(), layout.positions());
        Tensor k = ops.rope(a.kProj().of(ops, normed), config.rope(), layout.positions());
        Tensor v = a.vProj().of(ops, normed);
        Tensor attended = ops.attention(
                q, k, v, config.attention(layout.lengths()), layout.none().layer(0));
        return joined(ops, x, Residual.PLAIN, a.oProj().of(ops, attended));
    }

    private Tensor convolve(Ops ops, Tensor x, Convolution c, Layout layout) {
        Tensor gated = ops.glu(c.pointwise1().of(ops, norm(ops, x, c.norm())));
        Tensor sums = ops.depthwiseConv1d(gated, c.depthwise(), config.left(), layout.lengths());
        Tensor biased = c.depthwiseBias().map(b -> ops.addBias(sums, b)).orElse(sums);
        Tensor normed = ops.batchNorm(biased, c.statistics(), c.batchWeight(), c.batchBias());
        return joined(ops, x, config.convolution(), c.pointwise2().of(ops, ops.activate(Activation.SILU, normed)));
    }

    private Tensor norm(Ops ops, Tensor x, Tensor weight) {
        return ops.layerNorm(x, weight, zeros, (float) config.layerNormEps());
    }

    private static Tensor joined(Ops ops, Tensor x, Residual weights, Tensor branch) {
        return ops.add(scaled(ops, x, weights.ofInput()), scaled(ops, branch, weights.ofBranch()));
    }

    private static Tensor scaled(Ops ops, Tensor x, float factor) {
        return factor == 1 ? x : ops.scale(x, factor);
    }

    /** Asks for everything; what is returned takes the data. */
    static Supplier<Conformer> load(NetworkWeights w, MedAsrConfig config, Supplier<Tensor> zeros) {
        var c = config.encoder();
        var encoder = w.in("encoder");
        var subsampler = loadSubsampler(encoder.in("subsampler"), c);
        var layers = new ArrayList<Supplier<Block>>();
        for (int layer = 0; layer < c.layers(); layer++) {
            layers.add(loadBlock(encoder.in("layers", layer), c));
        }
        var outNorm = encoder.values("out_norm.weight", c.hiddenSize());
        var head = w.pointwise("ctc_head.weight", Part.HEAD, config.vocabSize(), c.hiddenSize());
        var headBias = w.values("ctc_head.bias", config.vocabSize());
        return () -> new Conformer(
                c,
                subsampler.get(),
                layers.stream().map(Supplier::get).toList(),
                zeros.get(),
                outNorm.get(),
                new Affine(head.get(), Optional.of(headBias.get())));
    }

    private static Supplier<Subsampler> loadSubsampler(NetworkWeights w, EncoderConfig c) {
        var s = c.subsampling();
        int hidden = c.hiddenSize();
        var dense0 = w.projection("dense_0.weight", Part.FEATURES, hidden, s.melBins());
        var dense0Bias = w.values("dense_0.bias", hidden);
        var conv0 = w.convolution("conv_0.weight", hidden, hidden, s.kernel());
        var conv0Bias = w.values("conv_0.bias", hidden);
        var conv1 = w.convolution("conv_1.weight", s.channels(), hidden, s.kernel());
        var conv1Bias = w.values("conv_1.bias", s.channels());
        var dense1 = w.projection("dense_1.weight", Part.ENCODER, hidden, s.channels());
        var dense1Bias = w.values("dense_1.bias", hidden);
        return () -> new Subsampler(
                new Affine(dense0.get(), Optional.of(dense0Bias.get())),
                conv0.get(),
                conv0Bias.get(),
                conv1.get(),
                conv1Bias.get(),
                new Affine(dense1.get(), Optional.of(dense1Bias.get())));
    }

    private static Supplier<Block> loadBlock(NetworkWeights w, EncoderConfig c) {
        var feedForward1 = loadFeedForward(w, "feed_forward1", c);
        var selfAttn = loadAttention(w, c);
        var conv = loadConvolution(w, c);
        var feedForward2 = loadFeedForward(w, "feed_forward2", c);
        var normOut = w.values("norm_out.weight", c.hiddenSize());
        return () -> new Block(feedForward1.get(), selfAttn.get(), conv.get(), feedForward2.get(), normOut.get());
    }

    private static Supplier<FeedForward> loadFeedForward(NetworkWeights w, String name, EncoderConfig c) {
        var norm = w.values("norm_%s.weight".formatted(name), c.hiddenSize());
        var inner = w.in(name);
        var linear1 = linear(inner, "linear1", c.attentionBias(), c.intermediateSize(), c.hiddenSize());
        var linear2 = linear(inner, "linear2", c.attentionBias(), c.hiddenSize(), c.intermediateSize());
        return () -> new FeedForward(norm.get(), linear1.get(), linear2.get());
    }

    private static Supplier<Attention> loadAttention(NetworkWeights w, EncoderConfig c) {
        int hidden = c.hiddenSize();
        int queries = c.heads() * c.headDim();
        int keys = c.kvHeads() * c.headDim();
        var norm = w.values("norm_self_att.weight", hidden);
        var inner = w.in("self_attn");
        var q = linear(inner, "q_proj", c.attentionBias(), queries, hidden);
        var k = linear(inner, "k_proj", c.attentionBias(), keys, hidden);
        var v = linear(inner, "v_proj", c.attentionBias(), keys, hidden);
        var o = linear(inner, "o_proj", c.attentionBias(), hidden, queries);
        return () -> new Attention(norm.get(), q.get(), k.get(), v.get(), o.get());
    }

    private static Supplier<Affine> linear(NetworkWeights w, String name, boolean biased, int out, int in) {
        var weight = w.projection(name + ".weight", Part.ENCODER, out, in);
        var bias = bias(w, name, biased, out);
        return () -> new Affine(weight.get(), bias.get());
    }

    private static Supplier<Optional<Tensor>> bias(NetworkWeights w, String name, boolean biased, int size) {
        if (!biased) {
            return Optional::empty;
        }
        var values = w.values(name + ".bias", size);
        return () -> Optional.of(values.get());
    }

    private static Supplier<Convolution> loadConvolution(NetworkWeights w, EncoderConfig c) {
        int hidden = c.hiddenSize();
        var norm = w.values("norm_conv.weight", hidden);
        var inner = w.in("conv");
        var pointwise1 = pointwise(inner, "pointwise_conv1", c, 2 * hidden);
        var depthwise = inner.taps("depthwise_conv.weight", hidden, c.convKernel());
        var depthwiseBias = bias(inner, "depthwise_conv", c.convolutionBias(), hidden);
        var mean = inner.statistic("norm.running_mean", hidden);
        var variance = inner.statistic("norm.running_var", hidden);
        var batchWeight = inner.values("norm.weight", hidden);
        var batchBias = inner.values("norm.bias", hidden);
        var pointwise2 = pointwise(inner, "pointwise_conv2", c, hidden);
        return () -> new Convolution(
                norm.get(),
                pointwise1.get(),
                depthwise.get(),
                depthwiseBias.get(),
                new BatchStatistics(mean.get(), variance.get(), BATCH_NORM_EPS),
                batchWeight.get(),
                batchBias.get(),
                pointwise2.get());
    }

    private static Supplier<Affine> pointwise(NetworkWeights w, String name, EncoderConfig c, int out) {
        var weight = w.pointwise(name + ".weight", Part.ENCODER, out, c.hiddenSize());
        var bias = bias(w, name, c.convolutionBias(), out);
        return () -> new Affine(weight.get(), bias.get());
    }
}
