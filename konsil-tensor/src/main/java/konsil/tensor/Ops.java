package konsil.tensor;

import java.util.function.UnaryOperator;
import konsil.kernel.Activation;

/**
 * The whole vocabulary that a network may speak. Small on purpose: each op owes a kernel, a {@link Step} and a
 * gradient.
 *
 * <p>Activations are plain f32 tensors; the shapes below are for tensors of two sizes, rows of values, and an op that
 * says "(.., n)" takes any leading sizes and keeps them. Every op returns a new tensor and changes none. A tensor that
 * does not fit is a {@link ShapeException} before anything is computed.
 */
public sealed interface Ops permits KernelOps, TapeOps {
    /**
     * Rows of a table, each times a factor.
     *
     * @param ids which rows, 0 to vocabulary - 1
     * @param table (vocabulary, dim), plain or packed
     * @return (ids, dim)
     */
    Tensor embed(int[] ids, Tensor table, float factor);

    /**
     * Matrix product y = W x for each row. A plain f32 matrix is packed on the way, on every call.
     *
     * @param x (.., in)
     * @param weight (out, in), plain or packed
     * @return (.., out)
     */
    Tensor linear(Tensor x, Tensor weight);

    /**
     * A projection of any kind.
     *
     * @param x (.., in)
     * @return (.., out)
     */
    default Tensor project(Tensor x, Projection projection) {
        return switch (projection) {
            case Projection.Dense(var weight) -> linear(x, weight);
            case Projection.Quantised(var weight) -> linear(x, weight);
            case Projection.LowRank(var base, var a, var b, var scale) ->
                add(project(x, base), scale(linear(linear(x, a), b), scale));
            case Projection.ThinnedLowRank(var plain, var masks) -> {
                // RELU leaves a mask as it is, so the gate is their product
                Tensor thinned = gate(Activation.RELU, masks.mask(x.dim(0)), x);
                Tensor update = linear(linear(thinned, plain.a()), plain.b());
                yield add(project(x, plain.base()), scale(update, plain.scale()));
            }
        };
    }

    /** One link of a {@link #chain}: a block of a network that keeps the shape of what it is given. */
    @FunctionalInterface
    interface Link {
        /**
         * @param index 0 for the first link
         * @param x what the link before returned
         * @return same shape
         */
        Tensor apply(int index, Tensor x);
    }

    /**
     * A part of a network that is one block after the other. No op of its own: where nothing is remembered, what a link
     * needed on its way is given back before the next one runs.
     *
     * @return what the last link returned; x when there are none
     */
    default Tensor chain(Tensor x, int links, Link link) {
        for (int i = 0; i < links; i++) {
            x = link.apply(i, x);
        }
        return x;
    }

    /**
     * A part of a network that makes each row of the result out of the same row of x alone. No op of its own: where
     * nothing is remembered, a few rows go all the way before the next ones begin, so that what lies between stays in
     * the cache and takes little memory.
     *
     * @param x (rows, n)
     * @param cols of the result
     * @param part keeps rows apart
     * @return (rows, cols), as if the part had been given all of x
     */
    default Tensor rowByRow(Tensor x, int cols, UnaryOperator<Tensor> part) {
        return part.apply(x);
    }

    /**
     * The same bias for every row.
     *
     * @param x (.., n)
     * @param bias (n)
     */
    Tensor addBias(Tensor x, Tensor bias);

    /** Sum of two tensors of the same shape. */
    Tensor add(Tensor a, Tensor b);

    /** {@code factor * x}. */
    Tensor scale(Tensor x, float factor);

    /**
     * y = x / sqrt(mean(x^2) + eps) * weight, for each {@code n} values: a row, or each head of a row.
     *
     * @param x (.., a multiple of n)
     * @param weight (n), as it is: a network that stores weight - 1 adds the 1 when it loads
     */
    Tensor rmsNorm(Tensor x, Tensor weight, float eps);

    /**
     * y = (x - mean) / sqrt(variance + eps) * weight + bias, for each row.
     *
     * @param x (.., n)
     * @param weight (n)
     * @param bias (n); zeros where the network has none
     */
    Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, float eps);

    /**
     * Batch normalisation: y = (x - mean) / sqrt(variance + eps) * weight + bias, each column with its own four
     * numbers.
     *
     * @param x (.., n)
     * @param statistics of (n) columns each; written if they are to be those of x
     */
    Tensor batchNorm(Tensor x, BatchStatistics statistics, Tensor weight, Tensor bias);

    /**
     * Rotary position embedding of every head.
     *
     * @param x (tokens, heads * headDim)
     * @param positions one for each row
     */
    Tensor rope(Tensor x, RopeTable table, long[] positions);

    /**
     * Softmax attention. New keys and values are handed to {@code layer} first; what it holds then is what can be seen.
     *
     * @param q (tokens, heads * headDim)
     * @param k (tokens, kvHeads * headDim)
     * @param v same
     * @return (tokens, heads * headDim)
     * @throws BadInputException when the cache behind {@code layer} is full
     */
    Tensor attention(Tensor q, Tensor k, Tensor v, AttentionSpec spec, KvLayer layer);

    /** f(x) for each value. */
    Tensor activate(Activation f, Tensor x);

    /** f(gate) * up: GeGLU with GELU_TANH. Two tensors of the same shape. */
    Tensor gate(Activation f, Tensor gate, Tensor up);

    /**
     * Gated linear unit: the left half of each row times the sigmoid of the right half (arXiv:1612.08083).
     *
     * @param x (.., 2 n)
     * @return (.., n)
     */
    Tensor glu(Tensor x);

    /**
     * 1-D convolution without padding.
     *
     * @param x (times, channels), at least as many times as the kernel is long
     * @param weight (out, kernel, channels), plain or packed
     * @param stride at least 1
     * @return ((times - kernel) / stride + 1, out)
     */
    Tensor conv1d(Tensor x, Tensor weight, int stride);

    /**
     * Each channel convolved with its own taps: y[t, c] = sum over k of taps[k, c] * x[t + k - left, c], zeros outside.
     *
     * @param x (times, channels)
     * @param taps (kernel, channels)
     * @param left zeros before the first row, 0 to kernel - 1
     * @return (times, channels)
     */
    default Tensor depthwiseConv1d(Tensor x, Tensor taps, int left) {
        return depthwiseConv1d(x, taps, left, new int[] {x.dim(0)});
    }

    /**
     * The same over several sequences one after the other, each with zeros around it.
     *
     * @param lengths of each; all rows of x together
     */
    Tensor depthwiseConv1d(Tensor x, Tensor taps, int left, int[] lengths);

    /**
     * Square patches of an image, row by row.
     *
     * @param image (channels, height, width)
     * @param patch side, divides height and width
     * @return (height / patch * (width / patch), channels * patch * patch), each patch as channel, row, column
     */
    Tensor patches(Tensor image, int patch);

    /**
     * Means over squares of a square grid.
     *
     * @param x (side * side, dim), row by row
     * @param pool side of the squares, divides the grid's side
     * @return ((side / pool)^2, dim)
     */
    Tensor averagePool(Tensor x, int pool);

    /**
     * A copy of x in which some rows are replaced: soft tokens among words.
     *
     * @param x (tokens, dim)
     * @param rows which rows, rising
     * @param values (rows, dim)
     */
    Tensor scatterRows(Tensor x, int[] rows, Tensor values);

    /**
     * Some rows of x in any order: the tokens whose logits are wanted.
     *
     * @param x (tokens, dim)
     * @return (rows, dim)
     */
    Tensor selectRows(Tensor x, int[] rows);
}
