package konsil.tensor.file;

import java.util.List;

/** How a tensor of a checkpoint becomes the matrix (out, in) that a kernel multiplies by. */
public enum Arrangement {
    /** First dimension out, all others flattened into in: linear layers, and a patch convolution. */
    OUT_FIRST,
    /** A matrix stored (in, out). */
    TRANSPOSED,
    /** A 1-D convolution (out, channels, kernel) as (out, kernel * channels), the taps outermost. */
    TAPS_FIRST;

    /** Whether a tensor of this shape can be arranged so. */
    public boolean fits(List<Long> shape) {
        return switch (this) {
            case OUT_FIRST -> shape.size() >= 2;
            case TRANSPOSED -> shape.size() == 2;
            case TAPS_FIRST -> shape.size() == 3;
        };
    }

    /** Rows of the matrix. @throws ArithmeticException when it does not fit in an int */
    public int out(List<Long> shape) {
        return Math.toIntExact(this == TRANSPOSED ? shape.get(1) : shape.get(0));
    }

    /** Columns of the matrix. @throws ArithmeticException when it does not fit in an int */
    public int in(List<Long> shape) {
        if (this == TRANSPOSED) {
            return Math.toIntExact(shape.get(0));
        }
        long in = 1;
        for (long dim : shape.subList(1, shape.size())) {
            in = Math.multiplyExact(in, dim);
        }
        return Math.toIntExact(in);
    }
}
