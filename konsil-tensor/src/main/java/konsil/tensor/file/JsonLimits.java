package konsil.tensor.file;

/**
 * What a JSON file may hold before it is refused.
 *
 * @param bytes of the file
 * @param depth of objects and lists within each other
 * @param textLength characters of one string or key
 * @param values objects, lists, strings, numbers and so on in all
 */
public record JsonLimits(long bytes, int depth, int textLength, int values) {
    /** Characters of a number: enough for every double and for the 31 digits that some tokenizer settings hold. */
    static final int NUMBER_LENGTH = 64;

    /** Settings of a model, a shard index, a preprocessor: 16 MiB, 32 deep. */
    public static JsonLimits settings() {
        return new JsonLimits(16L << 20, 32, 4 << 20, 500_000);
    }

    /** A tokenizer with its vocabulary and merges: 256 MiB, 32 deep; Gemma 3 has 1.9 million values. */
    public static JsonLimits vocabulary() {
        return new JsonLimits(256L << 20, 32, 16 << 20, 4_000_000);
    }
}
