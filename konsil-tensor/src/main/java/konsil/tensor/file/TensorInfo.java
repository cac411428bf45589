package konsil.tensor.file;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One tensor of a checkpoint.
 *
 * @param name as the file says it, or as {@link Checkpoint#renamed} makes it
 * @param shape outermost dimension first, also for GGUF, which writes them the other way round; empty for a scalar
 * @param offset of the first byte, from the start of the file
 * @param bytes length in the file
 */
public record TensorInfo(String name, FileType type, List<Long> shape, Layout layout, long offset, long bytes) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    TensorInfo(String name, FileType type, List<Long> shape, long offset, long bytes) {
        this(name, type, shape, new Layout.RowMajor(), offset, bytes);
    }

    /** Product of the shape; 1 for a scalar. The readers have checked that it does not overflow. */
    public long elements() {
        return elements(shape);
    }

    /** @throws ArithmeticException when the product is more than a long holds */
    static long elements(List<Long> shape) {
        long elements = 1;
        for (long dim : shape) {
            elements = Math.multiplyExact(elements, dim);
        }
        return elements;
    }

    /** End of the bytes in the file, exclusive. */
    long end() {
        return offset + bytes;
    }

    TensorInfo named(String other) {
        return new TensorInfo(other, type, shape, layout, offset, bytes);
    }

    /** "[2560, 1152]". */
    public String shapeText() {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
