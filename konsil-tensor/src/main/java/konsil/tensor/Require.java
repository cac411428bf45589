package konsil.tensor;

import konsil.kernel.Rows;

/** What ops demand of their arguments; the errors name op and argument, what was wanted and what came. */
final class Require {
    private Require() {}

    static void shape(String op, String argument, Tensor tensor, int... want) {
        if (!tensor.hasShape(want)) {
            throw ShapeException.ofShape(op, argument, want, tensor);
        }
    }

    static void sameShape(String op, String argument, Tensor tensor, Tensor as) {
        if (!tensor.sameShape(as)) {
            throw ShapeException.ofShape(op, argument, as.shape(), tensor);
        }
    }

    static void rank(String op, String argument, Tensor tensor, int rank) {
        if (tensor.rank() != rank) {
            throw new ShapeException(op, argument, rank + " sizes", tensor.toString());
        }
    }

    static void cols(String op, String argument, Tensor tensor, int cols) {
        if (tensor.cols() != cols) {
            throw new ShapeException(op, argument, cols + " columns", tensor.toString());
        }
    }

    /** The values of a tensor that must be plain f32. */
    static Rows plain(String op, String argument, Tensor tensor) {
        if (tensor.isPacked()) {
            throw new ShapeException(op, argument, "plain f32 values", "packed " + tensor);
        }
        return tensor.rows();
    }

    /** The values of a plain f32 vector of given length. */
    static Rows vector(String op, String argument, Tensor tensor, int length) {
        shape(op, argument, tensor, length);
        return plain(op, argument, tensor);
    }

    /** The values of a plain f32 matrix of given sizes. */
    static Rows matrix(String op, String argument, Tensor tensor, int rows, int cols) {
        shape(op, argument, tensor, rows, cols);
        return plain(op, argument, tensor);
    }

    static void that(boolean holds, String op, String argument, String want, Object got) {
        if (!holds) {
            throw new ShapeException(op, argument, want, String.valueOf(got));
        }
    }

    /** Every index lies in 0..limit-1. */
    static void indices(String op, String argument, int[] indices, int limit) {
        for (int index : indices) {
            if (index < 0 || index >= limit) {
                throw new ShapeException(op, argument, "0 to " + (limit - 1), String.valueOf(index));
            }
        }
    }
}
