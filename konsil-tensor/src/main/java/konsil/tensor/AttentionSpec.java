package konsil.tensor;

import konsil.kernel.AttentionShape;

/**
 * How attention is done in one layer.
 *
 * @param shape heads, sizes, scale
 * @param mask who sees whom
 */
public record AttentionSpec(AttentionShape shape, Mask mask) {
    /** Columns of queries and of the result. */
    public int queryCols() {
        return shape.heads() * shape.headDim();
    }

    /** Columns of keys and of values. */
    public int keyCols() {
        return shape.kvHeads() * shape.headDim();
    }
}
