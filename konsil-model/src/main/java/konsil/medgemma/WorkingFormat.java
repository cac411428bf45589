package konsil.medgemma;

import konsil.kernel.WeightFormat;
import konsil.tensor.file.Layout;
import konsil.tensor.file.TensorInfo;

/** How a loaded model keeps its matrices, and with that how fast and how exact it is. */
public enum WorkingFormat {
    /**
     * As the file has them: packed files as they were imported; Q8_0, Q4_0 and bf16 unchanged; f16 as bf16; other
     * quantised types as Q8_0, which loses less than they do.
     */
    STORED,
    /** Everything in f32, quantised values expanded: to compare with a reference, slow. */
    EXACT,
    BF16,
    Q8_0,
    /** The embedding in Q8_0, unless the file has it in Q4_0. */
    Q4_0;

    /** What a matrix is for. */
    enum Part {
        /** Rows of words, and the output. */
        EMBEDDING,
        TEXT,
        IMAGE,
        /**
         * Patches of pixels to vectors: the levels of a picture lie closer than bf16 can tell apart, and the matrix is
         * a thousandth of the tower's work.
         */
        PIXELS
    }

    WeightFormat of(TensorInfo info, Part part) {
        if (part == Part.PIXELS && !(this == STORED && info.layout() instanceof Layout.Packed)) {
            return WeightFormat.F32;
        }
        return switch (this) {
            case STORED -> stored(info);
            case EXACT -> WeightFormat.F32;
            case BF16 -> WeightFormat.BF16;
            case Q8_0 -> WeightFormat.Q8_0;
            case Q4_0 -> part == Part.EMBEDDING ? embedding(stored(info)) : WeightFormat.Q4_0;
        };
    }

    /** Errors of the output matrix decide between words. */
    private static WeightFormat embedding(WeightFormat stored) {
        return stored == WeightFormat.Q4_0 ? stored : WeightFormat.Q8_0;
    }

    private static WeightFormat stored(TensorInfo info) {
        if (info.layout() instanceof Layout.Packed packed) {
            return packed.format();
        }
        return switch (info.type()) {
            case F32, F64 -> WeightFormat.F32;
            case Q4_0 -> WeightFormat.Q4_0;
            default -> info.type().blockElements() > 1 ? WeightFormat.Q8_0 : WeightFormat.BF16;
        };
    }
}
