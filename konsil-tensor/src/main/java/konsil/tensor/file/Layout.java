package konsil.tensor.file;

import konsil.kernel.WeightFormat;

/** Where the elements of a tensor lie within its bytes. */
public sealed interface Layout {
    /** Row-major, the last dimension innermost: what every format but Konsil's own holds. */
    record RowMajor() implements Layout {}

    /** Packed for the kernels; see {@link WeightFormat}. */
    record Packed(WeightFormat format, Arrangement arrangement) implements Layout {}
}
