package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with packed weights. */
interface MatmulContract extends ContractFixture {
    /** Rows, columns of x, columns of y; around every block size that a layout or a kernel may have. */
    private static int[][] sizes() {
        return new int[][] {
            {0, 64, 32},
            {1, 0, 5},
            {3, 64, 0},
            {1, 1, 1},
            {1, 7, 31},
            {1, 31, 7},
            {1, 33, 100},
            {1, 64, 64},
            {1, 100, 16},
            {1, 257, 48},
            {1, 4097, 33},
            {2, 33, 33},
            {3, 128, 17},
            {4, 129, 15},
            {5, 65, 65},
            {6, 96, 32},
            {7, 31, 33},
            {8, 64, 31},
            {13, 160, 40},
            {14, 100, 64},
            {29, 40, 130},
            {31, 257, 7},
            {33, 64, 100},
            {64, 33, 16},
            {100, 7, 97},
            {9, 4097, 9},
            {15, 5200, 40},
        };
    }

    /**
     * Terms are below 1, so sums of n of them stay near sqrt(n) and each of n additions is off by at most a rounding of
     * that: together sqrt(n) * sqrt(n) roundings, for either side. In the Q formats both sides have the same integers,
     * and the roundings of the scales are of the same kind.
     */
    static double tolerance(int columns) {
        return 4 * ContractFixture.ROUNDING * (columns + 1);
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    default void matmulAgreesWithTheReference(WeightFormat format) {
        for (var size : sizes()) {
            var x = matrices().uniform(size[0], size[1], size[1] + 3);
            var w = matrices().packed(format, size[2], size[1]);
            var y = matrices().outputs(size[0], size[2], size[2] + 5);
            var expected = matrices().outputs(size[0], size[2]);
            reference().matmul(x, w, expected);
            shared().matmul(x, w, y);
            Matrices.assertNear(y, expected, tolerance(size[1]));
            Matrices.assertGapsUntouched(y);
        }
    }

    /** However rows are put together, each comes out the same. */
    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    default void aRowDoesNotDependOnItsCompany(WeightFormat format) {
        for (int in : new int[] {64, 257, 1000, 2700}) {
            var x = matrices().uniform(40, in);
            var w = matrices().packed(format, 50, in);
            var together = matrices().outputs(40, 50);
            shared().matmul(x, w, together);
            for (int count : new int[] {1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 17, 29}) {
                for (int first = 0; first + count <= 40; first += 11) {
                    var part = matrices().outputs(count, 50);
                    alone().matmul(x.slice(first, count), w, part);
                    Matrices.assertSameBits(part, together.slice(first, count));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    default void matmulIsTheSameOnOneThreadAndOnTwo(WeightFormat format) {
        for (int rows : new int[] {1, 3, 70}) {
            var x = matrices().uniform(rows, 300);
            var w = matrices().packed(format, 333, 300);
            var one = matrices().outputs(rows, 333);
            var two = matrices().outputs(rows, 333);
            alone().matmul(x, w, one);
            shared().matmul(x, w, two);
            Matrices.assertSameBits(two, one);
        }
    }

    /** Overlapping rows are windows that slide along a signal. */
    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    default void rowsOfXMayOverlap(WeightFormat format) {
        var signal = matrices().uniform(1, 200);
        var windows = new Rows(signal.data(), 18, 64, 8);
        var w = matrices().packed(format, 20, 64);
        var y = matrices().outputs(18, 20);
        var expected = matrices().outputs(18, 20);
        shared().matmul(windows, w, y);
        shared().matmul(matrices().copy(new Rows(signal.data(), 18, 64, 8)), w, expected);
        Matrices.assertSameBits(y, expected);
    }

    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    default void aBadNumberSpoilsItsOwnRowAlone(WeightFormat format) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int rows : new int[] {1, 2, 8}) {
                var x = matrices().uniform(rows, 100);
                x.set(rows / 2, 77, bad);
                var w = matrices().packed(format, matrices().filled(33, 100, 0.5f));
                var y = matrices().outputs(rows, 33);
                shared().matmul(x, w, y);
                for (int r = 0; r < rows; r++) {
                    for (int c = 0; c < 33; c++) {
                        assertThat(Float.isFinite(y.get(r, c))).isEqualTo(r != rows / 2);
                    }
                }
            }
        }
    }

    /** Huge, tiny and mixed rows: the tolerance is relative to the largest product. */
    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    default void hugeAndTinyValuesKeepTheirScale(WeightFormat format) {
        for (float factor : new float[] {1e30f, 1e-25f, 1e-42f, 0}) {
            for (int rows : new int[] {1, 9}) {
                var x = matrices().uniform(rows, 130);
                reference().scale(x, factor, x);
                var w = matrices().packed(format, 35, 130);
                var y = matrices().outputs(rows, 35);
                var expected = matrices().outputs(rows, 35);
                reference().matmul(x, w, expected);
                shared().matmul(x, w, y);
                // products of denormals may be flushed, and 130 of them are
                Matrices.assertNear(y, expected, tolerance(130) * factor + 130 * Float.MIN_NORMAL);
            }
        }
    }

    /** Largest integers of all: sums of 32 products of -128 and 127 must not overflow anywhere on the way. */
    @Test
    default void extremeIntegersDoNotOverflow() {
        for (int rows : new int[] {1, 8}) {
            var blocks = matrices().bytes(16L * 4 * 34);
            for (long i = 0; i < blocks.byteSize(); i++) {
                blocks.set(java.lang.foreign.ValueLayout.JAVA_BYTE, i, (byte) -128);
            }
            for (long i = 0; i < blocks.byteSize(); i += 34) {
                blocks.set(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, i, Float.floatToFloat16(1));
            }
            var format = WeightFormat.Q8_0;
            var w = new PackedWeights(format, 16, 128, matrices().bytes(format.bytes(16, 128)));
            try (var workers = new Workers(1)) {
                new WeightPacker(workers).packBlocks(blocks, w, 0, 16);
            }
            for (float sign : new float[] {1, -1}) {
                var y = matrices().outputs(rows, 16);
                shared().matmul(matrices().filled(rows, 128, sign * 127), w, y);
                Matrices.assertSameBits(y, matrices().filled(rows, 16, sign * 127 * -128 * 128));
            }
        }
    }

    /** One pool, two callers: neither sees the other's numbers. */
    @ParameterizedTest
    @EnumSource(WeightFormat.class)
    default void callersDoNotDisturbEachOther(WeightFormat format) throws InterruptedException {
        var x = matrices().uniform(10, 200);
        var w = matrices().packed(format, 80, 200);
        var expected = matrices().outputs(10, 80);
        alone().matmul(x, w, expected);
        var results = new ArrayList<Rows>();
        for (int i = 0; i < 3; i++) {
            results.add(matrices().outputs(10, 80));
        }
        var kernels = shared();
        var threads = results.stream()
                .map(y -> Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 20; i++) {
                        kernels.matmul(x, w, y);
                    }
                }))
                .toList();
        for (var thread : List.copyOf(threads)) {
            thread.join();
        }
        for (var y : results) {
            Matrices.assertSameBits(y, expected);
        }
    }
}
