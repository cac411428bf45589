package konsil.medasr;

import konsil.kernel.WeightFormat;

/**
 * How a model is loaded.
 *
 * @param format of the matrices in memory
 * @param keys F32 or BF16: how keys and values are rounded on the way through attention
 */
public record LoadOptions(WorkingFormat format, WeightFormat keys) {
    /** As stored. */
    public static final LoadOptions DEFAULT = of(WorkingFormat.STORED);

    public LoadOptions {
        if (keys.quantised()) {
            throw new IllegalArgumentException("keys and values: want F32 or BF16, got " + keys);
        }
    }

    /** What goes well with this format: exact beside exact, bf16 beside all else. */
    public static LoadOptions of(WorkingFormat format) {
        return new LoadOptions(format, format == WorkingFormat.EXACT ? WeightFormat.F32 : WeightFormat.BF16);
    }
}
