package konsil.medgemma;

import konsil.kernel.WeightFormat;
import konsil.tensor.file.Layout;
import konsil.tensor.file.TensorInfo;

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

    /**
     * What goes well with this format of the text: keys, values and images no coarser than it is. With quantised text
     * they are in bf16, whose rounding is lost in that of the text; else in f32, since they would add as much as the
     * products with bf16 do.
     */
    public static LoadOptions of(WorkingFormat text) {
        return switch (text) {
            case Q8_0, Q4_0 -> new LoadOptions(text, WorkingFormat.BF16, WeightFormat.BF16, LoadProgress.SILENT);
            case BF16, EXACT -> new LoadOptions(text, WorkingFormat.EXACT, WeightFormat.F32, LoadProgress.SILENT);
            case STORED -> new LoadOptions(text, text, WeightFormat.F32, LoadProgress.SILENT);
        };
    }

    /**
     * The same for a certain file: images as stored are exact where the text is stored in bf16 or finer, as
     * {@link #of} has it. What was packed stays as it was packed.
     *
     * @param embedding the file's rows of words
     */
    LoadOptions settled(TensorInfo embedding) {
        boolean plain = embedding.layout() instanceof Layout.RowMajor
                && embedding.type().blockElements() == 1;
        return plain && text == WorkingFormat.STORED && images == WorkingFormat.STORED
                ? withImages(WorkingFormat.EXACT)
                : this;
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
