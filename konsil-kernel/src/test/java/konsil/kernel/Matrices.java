package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Makes matrices for tests, the same ones each time, and compares them. */
final class Matrices implements AutoCloseable {
    private final NativeMemory memory = new NativeMemory();
    private final Random random = new Random(20_260_101);

    @Override
    public void close() {
        memory.close();
    }

    MemorySegment bytes(long count) {
        return memory.allocate(count);
    }

    /** Uniform in -1..1. */
    Rows uniform(int rows, int cols) {
        return uniform(rows, cols, cols);
    }

    /** Uniform in -1..1, with gaps of NaN between the rows that nobody may read or write. */
    Rows uniform(int rows, int cols, int stride) {
        var matrix = outputs(rows, cols, stride);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                matrix.set(r, c, random.nextFloat() * 2 - 1);
            }
        }
        return matrix;
    }

    Rows filled(int rows, int cols, float value) {
        var matrix = uniform(rows, cols);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                matrix.set(r, c, value);
            }
        }
        return matrix;
    }

    /** Full of NaN, so that an element nobody writes is seen. */
    Rows outputs(int rows, int cols, int stride) {
        var all = memory.rows(Math.max(1, rows), Math.max(stride, cols));
        for (int r = 0; r < all.rows(); r++) {
            for (int c = 0; c < all.cols(); c++) {
                all.set(r, c, Float.NaN);
            }
        }
        return new Rows(all.data(), rows, cols, stride);
    }

    Rows outputs(int rows, int cols) {
        return outputs(rows, cols, cols);
    }

    /** Dense, in memory of its own. */
    Rows copy(Rows x) {
        var copy = outputs(x.rows(), x.cols());
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < x.cols(); c++) {
                copy.set(r, c, x.get(r, c));
            }
        }
        return copy;
    }

    /** Packed with every padding byte as the packer leaves it. */
    PackedWeights packed(WeightFormat format, Rows weights) {
        var packed = new PackedWeights(
                format, weights.rows(), weights.cols(), bytes(format.bytes(weights.rows(), weights.cols())));
        try (var workers = new Workers(1)) {
            new WeightPacker(workers).pack(weights, packed, 0);
        }
        return packed;
    }

    PackedWeights packed(WeightFormat format, int out, int in) {
        return packed(format, uniform(out, in));
    }

    /** Empty tiles. */
    KvTiles tiles(WeightFormat format, int kvHeads, int headDim, int tiles) {
        return new KvTiles(format, kvHeads, headDim, tiles, bytes(KvTiles.bytes(format, kvHeads, headDim, tiles)));
    }

    /** Both finite and near, or both not finite. */
    static void assertNear(Rows actual, Rows expected, double tolerance) {
        for (int r = 0; r < expected.rows(); r++) {
            for (int c = 0; c < expected.cols(); c++) {
                float got = actual.get(r, c);
                float want = expected.get(r, c);
                boolean near = Float.isFinite(want) ? Math.abs((double) got - want) <= tolerance : !Float.isFinite(got);
                if (!near) {
                    throw new AssertionError("row %d of %d, column %d of %d: want %s within %s, got %s"
                            .formatted(r, expected.rows(), c, expected.cols(), want, tolerance, got));
                }
            }
        }
    }

    static void assertSameBits(Rows actual, Rows expected) {
        assertThat(actual.rows()).isEqualTo(expected.rows());
        for (int r = 0; r < expected.rows(); r++) {
            for (int c = 0; c < expected.cols(); c++) {
                int got = Float.floatToIntBits(actual.get(r, c));
                int want = Float.floatToIntBits(expected.get(r, c));
                if (got != want) {
                    throw new AssertionError("row %d, column %d: want the bits of %s, got %s"
                            .formatted(r, c, expected.get(r, c), actual.get(r, c)));
                }
            }
        }
    }

    /** The gaps between rows are as {@link #outputs} left them. */
    static void assertGapsUntouched(Rows strided) {
        for (int r = 0; r + 1 < strided.rows(); r++) {
            for (int c = strided.cols(); c < strided.stride(); c++) {
                assertThat(strided.get(r, c)).isNaN();
            }
        }
    }
}
