package konsil.tensor;

import java.util.Arrays;

/** An op was given tensors that do not fit together: our own fault, never a user's file. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * @param op the operation, "linear"
     * @param argument which of its arguments, "weight"
     * @param want what would have fitted, "shape [16, 4]"
     * @param got what came, in the same words
     */
    public ShapeException(String op, String argument, String want, String got) {
        super("%s: %s: want %s, got %s".formatted(op, argument, want, got));
    }

    static ShapeException ofShape(String op, String argument, int[] want, Tensor got) {
        return new ShapeException(op, argument, "shape " + Arrays.toString(want), got.toString());
    }
}
