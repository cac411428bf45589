package konsil.kernel;

/**
 * @param heads query heads, a multiple of {@code kvHeads}; query head h reads key head {@code h / (heads / kvHeads)}
 * @param scale factor on q.k before the softmax
 * @param softCap scores become {@code softCap * tanh(score / softCap)}; 0 means no cap
 */
public record AttentionShape(int heads, int kvHeads, int headDim, float scale, float softCap) {
    public AttentionShape {
        if (heads <= 0 || kvHeads <= 0 || headDim <= 0 || heads % kvHeads != 0) {
            throw new SizeException("attention: %d heads, %d kv heads, head dim %d".formatted(heads, kvHeads, headDim));
        }
        if (softCap < 0) {
            throw new SizeException("attention: soft cap " + softCap + " is negative");
        }
    }
}
