package konsil.medasr;

import konsil.kernel.WeightFormat;

/**
 * How a model is loaded.
 *
 * @param format of the matrices in memory
 * @param keys F32 or BF16: how keys and values are rounded on the way through attention
 * @param trainable whether everything is plain f32 values of its own, which training may change and which are packed
 *     anew for every product; see {@link MedAsr#parameters}
 */
public record LoadOptions(WorkingFormat format, WeightFormat keys, boolean trainable) {
    /** As stored. */
    public static final LoadOptions DEFAULT = of(WorkingFormat.STORED);

    public LoadOptions {
        if (keys.quantised()) {
            throw new IllegalArgumentException("keys and values: want F32 or BF16, got " + keys);
        }
        if (trainable && format != WorkingFormat.EXACT) {
            throw new IllegalArgumentException("what is trained is exact, got " + format);
        }
    }

    /**
     * Keys and values in f32: nothing is kept of them, so nothing is saved by rounding, and on processors without BF16
     * instructions it is the faster of the two.
     */
    public static LoadOptions of(WorkingFormat format) {
        return new LoadOptions(format, WeightFormat.F32, false);
    }

    /** All of the model as plain f32, to be trained. */
    public static LoadOptions forTraining() {
        return new LoadOptions(WorkingFormat.EXACT, WeightFormat.F32, true);
    }
}
