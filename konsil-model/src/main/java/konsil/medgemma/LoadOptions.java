package konsil.medgemma;

import konsil.kernel.WeightFormat;

/**
 * How a model is loaded.
 *
 * @param text format of the decoder's matrices in memory
 * @param images the same for the vision tower and the projector; {@link WorkingFormat#EXACT} also does its attention in
 *     f32
 * @param cache F32, BF16 or Q8_0: how keys and values of the decoder are kept
 */
public record LoadOptions(WorkingFormat text, WorkingFormat images, WeightFormat cache, LoadProgress progress) {
    /** As stored, in silence. */
    public static final LoadOptions DEFAULT = of(WorkingFormat.STORED);

    public LoadOptions {
        if (cache == WeightFormat.Q4_0) {
            throw new IllegalArgumentException("keys and values: want F32, BF16 or Q8_0, got " + cache);
        }
    }

    /** What goes well with this format of the text: images in bf16 beside quantised text, exact beside exact. */
    public static LoadOptions of(WorkingFormat text) {
        boolean quantised = text == WorkingFormat.Q8_0 || text == WorkingFormat.Q4_0;
        var cache = text == WorkingFormat.EXACT ? WeightFormat.F32 : WeightFormat.BF16;
        return new LoadOptions(text, quantised ? WorkingFormat.BF16 : text, cache, LoadProgress.SILENT);
    }

    /** The same with another format of the images. */
    public LoadOptions withImages(WorkingFormat other) {
        return new LoadOptions(text, other, cache, progress);
    }

    /** The same with another format of keys and values. */
    public LoadOptions withCache(WeightFormat other) {
        return new LoadOptions(text, images, other, progress);
    }

    /** The same, telling someone how far it is. */
    public LoadOptions withProgress(LoadProgress other) {
        return new LoadOptions(text, images, cache, other);
    }
}
