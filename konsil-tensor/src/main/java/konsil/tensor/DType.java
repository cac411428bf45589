package konsil.tensor;

import konsil.kernel.WeightFormat;

/** What the numbers of a {@link Tensor} are. Activations are always {@code F32}; the others are for weights. */
public enum DType {
    F32(WeightFormat.F32),
    BF16(WeightFormat.BF16),
    Q8_0(WeightFormat.Q8_0),
    Q4_0(WeightFormat.Q4_0);

    private final WeightFormat format;

    DType(WeightFormat format) {
        this.format = format;
    }

    /** How a matrix of these numbers is packed for multiplication. */
    public WeightFormat format() {
        return format;
    }

    /** Whether the numbers are small integers with a scale per block of 32. */
    public boolean quantised() {
        return format.quantised();
    }

    static DType of(WeightFormat format) {
        return switch (format) {
            case F32 -> F32;
            case BF16 -> BF16;
            case Q8_0 -> Q8_0;
            case Q4_0 -> Q4_0;
        };
    }
}
