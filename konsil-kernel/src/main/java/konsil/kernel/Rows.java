package konsil.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A view of an f32 matrix in native memory, row-major: element (r, c) lies {@code r * stride + c} floats from the
 * start. Rows may overlap ({@code stride < cols}) for reading, which is how a strided convolution is seen as a matrix.
 *
 * @param data native memory, at least {@code (rows - 1) * stride + cols} floats
 * @param stride distance between the starts of two rows, in floats
 */
public record Rows(MemorySegment data, int rows, int cols, int stride) {
    /** @throws SizeException when the memory is not native or too small, or a size is negative */
    public Rows {
        if (!data.isNative()) {
            throw new SizeException("rows: want native memory, got a heap segment");
        }
        if (rows < 0 || cols < 0 || stride < 0) {
            throw new SizeException("rows: want sizes >= 0, got %d x %d, stride %d".formatted(rows, cols, stride));
        }
        long floats = rows == 0 || cols == 0 ? 0 : (rows - 1L) * stride + cols;
        if (data.byteSize() < 4 * floats) {
            throw new SizeException("rows %d x %d, stride %d: want %d bytes, got %d"
                    .formatted(rows, cols, stride, 4 * floats, data.byteSize()));
        }
    }

    /** Dense rows: the stride is the number of columns. */
    public static Rows of(MemorySegment data, int rows, int cols) {
        return new Rows(data, rows, cols, cols);
    }

    /** One dense row of length {@code cols}: a weight vector, a bias. */
    public static Rows vector(MemorySegment data, int cols) {
        return new Rows(data, 1, cols, cols);
    }

    /** Rows {@code first} to {@code first + count - 1}, same memory. */
    public Rows slice(int first, int count) {
        if (first < 0 || count < 0 || first + (long) count > rows) {
            throw new SizeException("rows %d..%d of %d".formatted(first, first + (long) count - 1, rows));
        }
        return new Rows(data.asSlice(count == 0 ? 0 : 4L * first * stride), count, cols, stride);
    }

    /** Columns {@code first} to {@code first + count - 1} of every row, same memory. */
    public Rows columns(int first, int count) {
        if (first < 0 || count < 0 || first + (long) count > cols) {
            throw new SizeException("columns %d..%d of %d".formatted(first, first + (long) count - 1, cols));
        }
        return new Rows(data.asSlice(rows == 0 ? 0 : 4L * first), rows, count, stride);
    }

    /**
     * The same values in rows of another length.
     *
     * @throws SizeException when these rows are not dense, or the number of values is another
     */
    public Rows reshaped(int newRows, int newCols) {
        if (rows > 1 && stride != cols || (long) rows * cols != (long) newRows * newCols) {
            throw new SizeException(
                    "rows: %d x %d, stride %d, as %d x %d".formatted(rows, cols, stride, newRows, newCols));
        }
        return of(data, newRows, newCols);
    }

    /**
     * Rows that begin {@code newStride} floats after each other, from {@code first} floats on: the windows of a
     * convolution. They may overlap.
     */
    public Rows windows(long first, int newRows, int newCols, int newStride) {
        return new Rows(data.asSlice(4 * first), newRows, newCols, newStride);
    }

    /** Sets everything to zero; rows must be dense. */
    public void clear() {
        if (rows > 1 && stride != cols) {
            throw new SizeException("rows: clear of %d columns, stride %d".formatted(cols, stride));
        }
        data.asSlice(0, 4L * rows * cols).fill((byte) 0);
    }

    /** Address of element (row, 0). Trusted: no check. */
    public long address(int row) {
        return data.address() + 4L * row * stride;
    }

    public float get(int row, int col) {
        return data.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * ((long) row * stride + col));
    }

    public void set(int row, int col, float value) {
        data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * ((long) row * stride + col), value);
    }
}
