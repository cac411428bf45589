package konsil.medasr;

import konsil.kernel.AttentionShape;
import konsil.model.ConfigChecks;
import konsil.tensor.AttentionSpec;
import konsil.tensor.BadInputException;
import konsil.tensor.Mask;
import konsil.tensor.RopeTable;

/**
 * Sizes and constants of a LASR encoder. The names are those of config.json (transformers configuration_lasr.py).
 *
 * @param convKernel taps of the depthwise convolution of each block
 * @param subsampling the two convolutions in front of the blocks
 * @param attentionBias whether attention and feed-forward matrices have biases
 * @param convolutionBias whether the convolutions of the blocks have biases
 * @param feedForward how feed-forward branches are added
 * @param convolution how convolution branches are added
 */
public record EncoderConfig(
        int hiddenSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int intermediateSize,
        int convKernel,
        Subsampling subsampling,
        boolean attentionBias,
        boolean convolutionBias,
        Residual feedForward,
        Residual convolution,
        double layerNormEps,
        double ropeTheta) {
    private static final int MOST_LAYERS = 1_000;

    /**
     * Two convolutions of the same length and stride, without padding.
     *
     * @param melBins features of a frame
     * @param channels what comes out of the second one
     */
    public record Subsampling(int melBins, int channels, int kernel, int stride) {
        /** @throws BadInputException that names the field */
        public Subsampling {
            ConfigChecks.size("num_mel_bins", melBins);
            ConfigChecks.size("subsampling_conv_channels", channels);
            ConfigChecks.that(
                    kernel >= 1 && kernel <= 64,
                    "subsampling_conv_kernel_size: want 1 to 64, got %d".formatted(kernel));
            ConfigChecks.that(
                    stride >= 1 && stride <= 64, "subsampling_conv_stride: want 1 to 64, got %d".formatted(stride));
        }

        /** Frames of the output from frames of features; 0 when there are too few. */
        public int frames(int features) {
            return once(once(features));
        }

        private int once(int frames) {
            return frames < kernel ? 0 : (frames - kernel) / stride + 1;
        }

        /** Frames of features that one frame of the output sees. */
        public int span() {
            return (kernel - 1) * stride + kernel;
        }

        /** Frames of features from one frame of the output to the next. */
        public int step() {
            return stride * stride;
        }
    }

    /** @throws BadInputException that names the field, when sizes contradict each other */
    public EncoderConfig {
        ConfigChecks.size("hidden_size", hiddenSize);
        ConfigChecks.size("intermediate_size", intermediateSize);
        ConfigChecks.size("num_attention_heads", heads);
        ConfigChecks.size("num_key_value_heads", kvHeads);
        ConfigChecks.size("head_dim", headDim);
        ConfigChecks.size("conv_kernel_size", convKernel);
        ConfigChecks.that(
                layers >= 1 && layers <= MOST_LAYERS,
                "num_hidden_layers: want 1 to %d, got %d".formatted(MOST_LAYERS, layers));
        ConfigChecks.that(
                heads % kvHeads == 0,
                "num_attention_heads %d is not a multiple of num_key_value_heads %d".formatted(heads, kvHeads));
        ConfigChecks.that(headDim % 2 == 0, "head_dim: want an even number, got %d".formatted(headDim));
        ConfigChecks.size("num_attention_heads times head_dim", (int) Math.min(1L << 30, (long) heads * headDim));
        ConfigChecks.positive("layer_norm_eps", layerNormEps);
        ConfigChecks.positive("rope_theta", ropeTheta);
    }

    /** Zeros before the first frame, so that a convolution keeps the length; an even kernel has one more behind. */
    int left() {
        return (convKernel - 1) / 2;
    }

    RopeTable rope() {
        return new RopeTable(headDim, ropeTheta, 1);
    }

    /** Every frame sees every other of its clip. @param lengths frames of each clip */
    AttentionSpec attention(int... lengths) {
        var shape = new AttentionShape(heads, kvHeads, headDim, (float) (1 / Math.sqrt(headDim)), 0);
        return new AttentionSpec(shape, Mask.pieces(lengths));
    }
}
