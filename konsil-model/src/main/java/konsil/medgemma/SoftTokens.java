package konsil.medgemma;

/**
 * An image as the text sees it, kept apart from any model's memory.
 *
 * @param values (tokens, size), row by row; not to be changed
 * @param tokens how many soft tokens
 * @param size hiddenSize of the text
 */
public record SoftTokens(float[] values, int tokens, int size) {
    public SoftTokens {
        if (values.length != (long) tokens * size) {
            throw new IllegalArgumentException(
                    "soft tokens: want %d x %d values, got %d".formatted(tokens, size, values.length));
        }
    }
}
