package konsil.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.Rows;

/**
 * Numbers in native memory with a shape of one to four sizes. There are two kinds: f32 values in row-major order
 * without gaps, which every op reads and returns; and weight matrices packed in one of the formats of {@link DType},
 * which only multiplications and {@link Ops#embed} read.
 *
 * <p>A tensor is known by its identity, not by its values: the tape and the optimiser tell tensors apart so. It does
 * not own its memory; using it after its owner (a {@link Workspace}, a model's memory) was closed or reset is an error
 * that nothing detects.
 */
public final class Tensor {
    private static final int MAX_RANK = 4;

    /** Values; their bytes still fit in a long. */
    private static final long MAX_SIZE = Long.MAX_VALUE / 8;

    private final DType dtype;
    private final int[] shape;
    private final Storage storage;

    /** Where the numbers are. */
    private sealed interface Storage {
        record Dense(Rows rows) implements Storage {}

        record Packed(PackedWeights weights) implements Storage {}
    }

    private Tensor(DType dtype, int[] shape, Storage storage) {
        this.dtype = dtype;
        this.shape = shape;
        this.storage = storage;
    }

    /**
     * An f32 tensor over memory that is already there.
     *
     * @param data native memory of exactly as many floats as the shape has elements
     * @param shape one to four sizes, none negative; not changed afterwards
     */
    public static Tensor over(MemorySegment data, int... shape) {
        long bytes = byteSize(shape);
        if (data.byteSize() != bytes) {
            throw new ShapeException("tensor", "memory", bytes + " bytes", data.byteSize() + " bytes");
        }
        int cols = shape[shape.length - 1];
        return new Tensor(DType.F32, shape, new Storage.Dense(Rows.of(data, leading(shape), cols)));
    }

    /** A packed matrix of shape (out, in). */
    public static Tensor packed(PackedWeights weights) {
        return packed(weights, weights.out(), weights.in());
    }

    /**
     * A packed matrix seen with more sizes, as a convolution's (out, kernel, channels).
     *
     * @param shape first the matrix's rows, then sizes whose product is its columns
     */
    public static Tensor packed(PackedWeights weights, int... shape) {
        long size = size(shape);
        if (shape.length < 2 || shape[0] != weights.out() || size != (long) weights.out() * weights.in()) {
            throw new ShapeException(
                    "tensor",
                    "shape",
                    "%d rows, %d values each".formatted(weights.out(), weights.in()),
                    Arrays.toString(shape));
        }
        return new Tensor(DType.of(weights.format()), shape, new Storage.Packed(weights));
    }

    /** An f32 tensor of zeros with memory of its own. */
    public static Tensor zeros(NativeMemory memory, int... shape) {
        return over(memory.allocate(byteSize(shape)), shape);
    }

    /** An f32 tensor of given values, row-major, with memory of its own. */
    public static Tensor of(NativeMemory memory, float[] values, int... shape) {
        var tensor = zeros(memory, shape);
        tensor.copyFrom(values);
        return tensor;
    }

    /** Bytes of an f32 tensor. */
    static long byteSize(int... shape) {
        return 4 * size(shape);
    }

    private static long size(int[] shape) {
        if (shape.length < 1 || shape.length > MAX_RANK) {
            throw new ShapeException("tensor", "shape", "1 to 4 sizes", Arrays.toString(shape));
        }
        return product(shape, 0, shape.length, MAX_SIZE);
    }

    private static int leading(int[] shape) {
        return (int) product(shape, 0, shape.length - 1, Integer.MAX_VALUE);
    }

    private static long product(int[] shape, int from, int to, long limit) {
        long product = 1;
        for (int axis = from; axis < to; axis++) {
            if (shape[axis] < 0 || shape[axis] > limit / Math.max(1, product)) {
                throw new ShapeException(
                        "tensor", "shape", "sizes >= 0 with a product up to " + limit, Arrays.toString(shape));
            }
            product *= shape[axis];
        }
        return product;
    }

    public DType dtype() {
        return dtype;
    }

    /** Whether this is a packed weight matrix and not plain f32 values. */
    public boolean isPacked() {
        return storage instanceof Storage.Packed;
    }

    public int rank() {
        return shape.length;
    }

    public int dim(int axis) {
        return shape[axis];
    }

    /** The last size: the columns of {@link #rows()}. */
    public int cols() {
        return shape[shape.length - 1];
    }

    public int[] shape() {
        return shape.clone();
    }

    public long size() {
        return size(shape);
    }

    /** Whether both have the same sizes in the same order. */
    public boolean sameShape(Tensor other) {
        return Arrays.equals(shape, other.shape);
    }

    /** Whether the sizes are these. */
    boolean hasShape(int... sizes) {
        return Arrays.equals(shape, sizes);
    }

    /** The same shape but for the last size. */
    int[] shapeWithCols(int cols) {
        var changed = shape.clone();
        changed[shape.length - 1] = cols;
        return changed;
    }

    /**
     * The same memory as another tensor, of another shape.
     *
     * @throws ShapeException when the tensor is packed or the number of values is another
     */
    public Tensor reshaped(int... newShape) {
        return over(rows().data().asSlice(0, byteSize(shape)), newShape);
    }

    /**
     * Some of its rows, the same memory.
     *
     * @param from first of the rows that the first size counts
     */
    public Tensor slice(int from, int count) {
        int[] part = shape.clone();
        part[0] = count;
        Objects.checkFromIndexSize(from, count, shape[0]);
        long row = byteSize(shape) / Math.max(1, shape[0]);
        return over(rows().data().asSlice(from * row, count * row), part);
    }

    /**
     * The values as a matrix: the last size counts columns, the product of the others rows; one size is one row.
     *
     * @throws ShapeException when the tensor is packed
     */
    public Rows rows() {
        return switch (storage) {
            case Storage.Dense(var rows) -> rows;
            case Storage.Packed _ -> throw new ShapeException("tensor", "values", "plain f32", "packed " + this);
        };
    }

    /** The values with the first size as rows and all others as columns: a convolution's weights as a matrix. */
    public Rows matrix() {
        int rows = shape[0];
        return Rows.of(rows().data(), rows, (int) product(shape, 1, shape.length, Integer.MAX_VALUE));
    }

    /**
     * The matrix as the kernels multiply by it.
     *
     * @throws ShapeException when the tensor is not packed
     */
    public PackedWeights packed() {
        return switch (storage) {
            case Storage.Packed(var weights) -> weights;
            case Storage.Dense _ -> throw new ShapeException("tensor", "values", "a packed matrix", "plain " + this);
        };
    }

    /** A copy of the values, row-major. */
    public float[] toArray() {
        return rows().data().asSlice(0, byteSize(shape)).toArray(ValueLayout.JAVA_FLOAT);
    }

    /**
     * Overwrites the values.
     *
     * @param values as many as the tensor has elements, row-major
     */
    public void copyFrom(float[] values) {
        if (values.length != size()) {
            throw new ShapeException("copy", "values", size() + " values", values.length + " values");
        }
        MemorySegment.copy(values, 0, rows().data(), ValueLayout.JAVA_FLOAT, 0, values.length);
    }

    /**
     * Overwrites the values.
     *
     * @param values same shape, f32
     */
    public void copyFrom(Tensor values) {
        if (!sameShape(values)) {
            throw ShapeException.ofShape("copy", "values", shape, values);
        }
        MemorySegment.copy(values.rows().data(), 0, rows().data(), 0, byteSize(shape));
    }

    /** Type and shape, "f32[4, 16]"; no values. */
    @Override
    public String toString() {
        return dtype.name().toLowerCase(Locale.ROOT) + Arrays.toString(shape);
    }
}
