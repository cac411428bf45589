package konsil.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The loops over memory that Konsil's speed depends on, in one contract with three implementations: {@link
 * ScalarKernels} the reference, {@code VectorKernels} for any processor, {@link MachineKernels} for AVX-512. Get one
 * from {@link KernelChoice}: it comes wrapped in {@link CheckedKernels}, which throws {@link SizeException} before any
 * memory is touched; implementations trust their callers.
 *
 * <p>Common rules. All matrices are f32 {@link Rows}; every element of an output is written; an output may be the same
 * memory as an input only where "in place" is said; empty matrices are allowed. The result for a row does not depend on
 * which or how many other rows are computed with it, nor on the number of threads: it is the same to the bit. A NaN or
 * infinity in an input row gives a non-finite value wherever that row's value depends on it.
 */
public interface Kernels {
    /** "scalar", "vector" or "machine". */
    String name();

    /** One line for people: name, vector width, features, threads. */
    String describe();

    /**
     * y[r, o] = sum over i of x[r, i] * w[o, i].
     *
     * <p>F32: products and sums in f32. BF16: x is rounded to bf16 (nearest even), sums in f32. Q8_0 and Q4_0: each 32
     * columns of a row of x are quantised as {@link #quantise} says, the products of a block are summed exactly as
     * integers and scaled by both scales in f32. Numbers below 2^-126 may count as zero in BF16.
     *
     * @param x (rows, in)
     * @param y (rows, out)
     */
    void matmul(Rows x, PackedWeights w, Rows y);

    /**
     * Puts keys and values at positions {@code first}, {@code first + 1}, ... of the ring.
     *
     * @param k (positions, kvHeads * headDim)
     * @param v same shape
     */
    void store(Rows k, Rows v, KvTiles into, long first);

    /**
     * Softmax attention without ever holding all scores: y = softmax(mask(scale * q k)) v, per head.
     *
     * <p>What a query does not see is without effect on it as long as it is finite; a NaN or infinity among the keys or
     * values may also reach queries of the same call that do not see it.
     *
     * <p>With BF16 and Q8_0 tiles, q and the softmax numerators are rounded to bf16 before they are multiplied; sums
     * are f32.
     *
     * @param q (queries, heads * headDim)
     * @param visible as many ranges as queries; each lies within the ring's capacity
     * @param y (queries, heads * headDim)
     */
    void attention(Rows q, KvTiles kv, KeyRanges visible, AttentionShape shape, Rows y);

    /** y = x / sqrt(mean(x^2) + eps) * weight, per row; in place allowed. @param weight (1, cols) */
    void rmsNorm(Rows x, Rows weight, float eps, Rows y);

    /** y = (x - mean) / sqrt(variance + eps) * weight + bias, per row; in place allowed. @param weight (1, cols) */
    void layerNorm(Rows x, Rows weight, Rows bias, float eps, Rows y);

    /**
     * Rotates each head's pair (d, d + headDim / 2) by the row's angle d; in place allowed.
     *
     * @param x (rows, heads * headDim)
     * @param cos (rows, headDim / 2)
     * @param sin (rows, headDim / 2)
     */
    void rope(Rows x, int headDim, Rows cos, Rows sin, Rows y);

    /** y = a + b; in place allowed. */
    void add(Rows a, Rows b, Rows y);

    /** y = x + bias, the same bias for every row; in place allowed. @param bias (1, cols) */
    void addBias(Rows x, Rows bias, Rows y);

    /** y = factor * x; in place allowed. */
    void scale(Rows x, float factor, Rows y);

    /** y = f(x); in place allowed. */
    void activate(Activation f, Rows x, Rows y);

    /** y = f(gate) * up; in place allowed. GeGLU is GELU_TANH, a Conformer's GLU is SIGMOID. */
    void gate(Activation f, Rows gate, Rows up, Rows y);

    /** Softmax of each row; in place allowed. A row of -inf alone gives NaN. */
    void softmax(Rows x, Rows y);

    /** x - log(sum(exp(x))) per row; in place allowed. */
    void logSoftmax(Rows x, Rows y);

    /** Column of the largest value of each row, the first of equals; NaN counts as largest. Rows have >= 1 column. */
    void argmax(Rows x, int[] columns);

    /**
     * 1-D convolution without padding: y[t, o] = sum over k, c of x[t * stride + k, c] * w[o, k * channels + c].
     *
     * @param x (times, channels), dense
     * @param w (out, kernel * channels)
     * @param y ((times - kernel) / stride + 1, out)
     */
    void conv1d(Rows x, PackedWeights w, int stride, Rows y);

    /**
     * Each channel convolved with its own taps: y[t, c] = sum over k of taps[k, c] * x[t + k - left, c], x being zero
     * outside.
     *
     * @param x (times, channels)
     * @param taps (kernel, channels)
     * @param left zeros before the first row
     * @param y (times, channels), not in place
     */
    void depthwiseConv1d(Rows x, Rows taps, int left, Rows y);

    /**
     * Cuts an image into square patches, the rows a patch convolution multiplies by.
     *
     * @param image (channels * height, width), one plane after the other
     * @param channels planes in {@code image}
     * @param patch side; height and width are multiples of it
     * @param y (height / patch * (width / patch), channels * patch * patch): patches row-major, each as channel, row,
     *     column
     */
    void patches(Rows image, int channels, int patch, Rows y);

    /**
     * Means over squares of a square grid.
     *
     * @param x (side * side, dim), row-major grid
     * @param pool side of a square; divides the grid's side
     * @param y ((side / pool)^2, dim)
     */
    void averagePool(Rows x, int pool, Rows y);

    /**
     * Rounds to bf16, nearest even; NaN stays NaN.
     *
     * @param y rows * cols bf16, dense
     */
    void toBf16(Rows x, MemorySegment y);

    /** @param x rows * cols bf16, dense */
    void fromBf16(MemorySegment x, Rows y);

    /**
     * Quantises each 32 columns of a row: scale = max|x| / 127, value = x * (127 / max|x|) to the nearest even integer.
     * A block whose largest magnitude is below 2^-100 becomes zero with scale 0; NaN or infinity makes the scale
     * non-finite. The last block of a row is filled with zeros.
     *
     * @param values rows * ceil(cols / 32) * 32 signed bytes
     * @param scales (rows, ceil(cols / 32))
     */
    void quantise(Rows x, MemorySegment values, Rows scales);
}
