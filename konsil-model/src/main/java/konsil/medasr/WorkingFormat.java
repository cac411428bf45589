package konsil.medasr;

import konsil.kernel.WeightFormat;
import konsil.tensor.file.Layout;
import konsil.tensor.file.TensorInfo;

/** How a loaded model keeps its matrices, and with that how fast and how exact it is. */
public enum WorkingFormat {
    /** As the file has them: packed files as they were imported, f32 and bf16 unchanged, f16 as bf16. */
    STORED,
    /** Everything in f32: to compare with a reference. */
    EXACT,
    BF16,
    /** Blocks of 8-bit numbers; the output stays in bf16. */
    Q8_0;

    /** What a matrix is for. */
    enum Part {
        /**
         * Log-mel energies to vectors: they lie far from zero, close together, and the matrix is a thousandth of the
         * work.
         */
        FEATURES,
        ENCODER,
        /** Frames to logits: errors here decide between tokens. */
        HEAD
    }

    WeightFormat of(TensorInfo info, Part part) {
        if (part == Part.FEATURES && this != STORED) {
            return WeightFormat.F32;
        }
        return switch (this) {
            case STORED -> stored(info);
            case EXACT -> WeightFormat.F32;
            case BF16 -> WeightFormat.BF16;
            case Q8_0 -> part == Part.HEAD ? WeightFormat.BF16 : WeightFormat.Q8_0;
        };
    }

    private static WeightFormat stored(TensorInfo info) {
        if (info.layout() instanceof Layout.Packed packed) {
            return packed.format();
        }
        return switch (info.type()) {
            case F32, F64 -> WeightFormat.F32;
            default -> info.type().blockElements() > 1 ? WeightFormat.Q8_0 : WeightFormat.BF16;
        };
    }
}
