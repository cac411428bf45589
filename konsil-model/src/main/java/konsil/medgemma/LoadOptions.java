package konsil.medgemma;

import java.util.Optional;
import konsil.kernel.WeightFormat;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Layout;
import konsil.tensor.file.Placement;
import konsil.tensor.file.TensorInfo;

/**
 * How a model is loaded.
 *
 * @param text format of the decoder's matrices in memory
 * @param images the same for the vision tower and the projector; {@link WorkingFormat#EXACT} also does its attention in
 *     f32
 * @param cache F32, BF16 or Q8_0: how keys and values of the decoder are kept; empty for what goes with the text
 * @param placement of the matrices of packed files
 * @param trainable whether everything is plain f32 values of its own, which training may change and which are packed
 *     anew for every product; see {@link MedGemma#parameters}
 */
public record LoadOptions(
        WorkingFormat text,
        WorkingFormat images,
        Optional<WeightFormat> cache,
        Placement placement,
        LoadProgress progress,
        boolean trainable) {
    /** As stored, in silence. */
    public static final LoadOptions DEFAULT = of(WorkingFormat.STORED);

    public LoadOptions {
        if (trainable && (text != WorkingFormat.EXACT || images != WorkingFormat.EXACT)) {
            throw new IllegalArgumentException("what is trained is exact, got %s and %s".formatted(text, images));
        }
        if (cache.filter(WeightFormat.Q4_0::equals).isPresent()) {
            throw new BadInputException("keys and values: want f32, bf16 or q8_0, got q4_0");
        }
    }

    /**
     * What goes well with this format of the text: keys, values and images no coarser than it is. With quantised text
     * they are in bf16, whose rounding is lost in that of the text; else in f32, since they would add as much as the
     * products with bf16 do.
     */
    public static LoadOptions of(WorkingFormat text) {
        var images =
                switch (text) {
                    case Q8_0, Q4_0 -> WorkingFormat.BF16;
                    case BF16, EXACT -> WorkingFormat.EXACT;
                    case STORED -> WorkingFormat.STORED;
                };
        return new LoadOptions(text, images, Optional.empty(), Placement.MAPPED, LoadProgress.SILENT, false);
    }

    /** All of the model as plain f32, to be trained. */
    public static LoadOptions forTraining() {
        var exact = of(WorkingFormat.EXACT);
        return new LoadOptions(exact.text, exact.images, exact.cache, exact.placement, exact.progress, true);
    }

    /**
     * The same for a certain file: images as stored are exact where the text is stored in bf16 or finer, as
     * {@link #of} has it, what was packed stays as it was packed; keys and values get their format.
     *
     * @param embedding the file's rows of words
     */
    LoadOptions settled(TensorInfo embedding) {
        boolean quantised = text.of(embedding, WorkingFormat.Part.EMBEDDING).quantised();
        var kept = withCache(cache.orElse(quantised ? WeightFormat.BF16 : WeightFormat.F32));
        boolean plain = embedding.layout() instanceof Layout.RowMajor
                && embedding.type().blockElements() == 1;
        return plain && text == WorkingFormat.STORED && images == WorkingFormat.STORED
                ? kept.withImages(WorkingFormat.EXACT)
                : kept;
    }

    /** The same with another format of the images. */
    public LoadOptions withImages(WorkingFormat other) {
        return new LoadOptions(text, other, cache, placement, progress, trainable);
    }

    /** The same with another format of keys and values. */
    public LoadOptions withCache(WeightFormat other) {
        return new LoadOptions(text, images, Optional.of(other), placement, progress, trainable);
    }

    /** The same with the matrices of packed files elsewhere. */
    public LoadOptions withPlacement(Placement other) {
        return new LoadOptions(text, images, cache, other, progress, trainable);
    }

    /** The same, telling someone how far it is. */
    public LoadOptions withProgress(LoadProgress other) {
        return new LoadOptions(text, images, cache, placement, other, trainable);
    }
}
