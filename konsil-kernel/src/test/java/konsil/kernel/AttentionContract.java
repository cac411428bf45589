package konsil.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and values in tiles, and attention over them. */
interface AttentionContract extends ContractFixture {
    /** Query heads, kv heads, head dimension. */
    private static int[][] shapes() {
        return new int[][] {
            {1, 1, 1},
            {2, 1, 16},
            {2, 2, 31},
            {4, 2, 32},
            {3, 3, 48},
            {8, 1, 64},
            {2, 2, 72},
            {4, 4, 80},
            {2, 1, 128},
            {4, 2, 256},
        };
    }

    /**
     * A score of 1/sqrt(D) times a sum of D terms below 1 is off by sqrt(D) roundings on either side, exp and tanh by a
     * few, sums over keys by sqrt(keys) of theirs; values are below 1. In BF16 the numerators are rounded to 8 bits, by
     * each side relative to another maximum: 2^-9 of the largest value for either.
     */
    static double tolerance(WeightFormat format, int headDim, int keys) {
        double f32 = ContractFixture.ROUNDING * 4 * (Math.sqrt(headDim) + Math.sqrt(keys) + 8);
        return format == WeightFormat.F32 ? f32 : f32 + 0x1p-8;
    }

    static AttentionShape shape(int[] of, float softCap) {
        return new AttentionShape(of[0], of[1], of[2], (float) (1 / Math.sqrt(of[2])), softCap);
    }

    private KvTiles stored(WeightFormat format, AttentionShape shape, int positions, int tiles) {
        var kv = matrices().tiles(format, shape.kvHeads(), shape.headDim(), tiles);
        store(kv, 0, positions);
        return kv;
    }

    private void store(KvTiles kv, int first, int count) {
        int width = kv.kvHeads() * kv.headDim();
        shared().store(matrices().uniform(count, width, width + 2), matrices().uniform(count, width), kv, first);
    }

    private void compare(KvTiles kv, KeyRanges visible, AttentionShape shape) {
        int width = shape.heads() * shape.headDim();
        int queries = visible.queries();
        var q = matrices().uniform(queries, width, width + 1);
        var y = matrices().outputs(queries, width, width + 4);
        var expected = matrices().outputs(queries, width);
        reference().attention(q, kv, visible, shape, expected);
        shared().attention(q, kv, visible, shape, y);
        Matrices.assertNear(y, expected, tolerance(kv.format(), shape.headDim(), (int) kv.capacity()));
        Matrices.assertGapsUntouched(y);
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightFormat.class,
            names = {"F32", "BF16", "Q8_0"})
    default void fullAttentionAgreesWithTheReference(WeightFormat format) {
        for (var heads : shapes()) {
            for (int[] counts : new int[][] {{0, 5}, {1, 1}, {1, 31}, {7, 32}, {3, 33}, {50, 100}}) {
                var shape = shape(heads, 0);
                compare(stored(format, shape, counts[1], 4), KeyRanges.full(counts[0], counts[1]), shape);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightFormat.class,
            names = {"F32", "BF16", "Q8_0"})
    default void causalAndWindowedAttentionAgreeWithTheReference(WeightFormat format) {
        for (var heads : shapes()) {
            for (int window : new int[] {Integer.MAX_VALUE, 1, 33}) {
                var shape = shape(heads, 3);
                compare(stored(format, shape, 100, 4), KeyRanges.causal(70, 30, window), shape);
            }
        }
    }

    /** Text before and after an image sees what came before; the image's tokens see each other too. */
    @Test
    default void imageBlocksAgreeWithTheReference() {
        var ranges = KeyRanges.causal(90, 0, 1000);
        Arrays.fill(ranges.to(), 20, 60, 60);
        var shape = shape(new int[] {4, 2, 64}, 0);
        compare(stored(WeightFormat.F32, shape, 90, 3), ranges, shape);
        compare(stored(WeightFormat.BF16, shape, 90, 3), ranges, shape);
        compare(stored(WeightFormat.Q8_0, shape, 90, 3), ranges, shape);
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightFormat.class,
            names = {"F32", "BF16", "Q8_0"})
    default void aRingForgetsOldPositionsAndKeepsTheLast(WeightFormat format) {
        var shape = shape(new int[] {2, 1, 48}, 0);
        var kv = stored(format, shape, 60, 3);
        for (int first = 60; first < 400; first += 17) {
            store(kv, first, 17);
            compare(kv, KeyRanges.causal(17, first, 80), shape);
        }
    }

    @Test
    default void emptyRangesGiveZeros() {
        var shape = shape(new int[] {2, 1, 40}, 0);
        var kv = stored(WeightFormat.F32, shape, 64, 2);
        var y = matrices().outputs(4, 80);
        var visible = new KeyRanges(new long[] {0, 0, 40, 64}, new long[] {0, 64, 33, 64});
        shared().attention(matrices().uniform(4, 80), kv, visible, shape, y);
        Matrices.assertSameBits(y.slice(0, 1), matrices().filled(1, 80, 0));
        Matrices.assertSameBits(y.slice(2, 2), matrices().filled(2, 80, 0));
        assertThat(y.get(1, 0)).isNotZero();
    }

    @Test
    default void withoutTilesNothingIsVisible() {
        var shape = shape(new int[] {2, 1, 16}, 0);
        var y = matrices().outputs(2, 32);
        shared().attention(
                        matrices().uniform(2, 32),
                        matrices().tiles(WeightFormat.F32, 1, 16, 0),
                        KeyRanges.full(2, 0),
                        shape,
                        y);
        Matrices.assertSameBits(y, matrices().filled(2, 32, 0));
    }

    /** Neither the other queries of a call nor keys stored later nor the number of threads change a query's result. */
    @ParameterizedTest
    @EnumSource(
            value = WeightFormat.class,
            names = {"F32", "BF16", "Q8_0"})
    default void prefillInChunksIsPrefillAtOnceBitForBit(WeightFormat format) {
        for (var heads : new int[][] {{4, 2, 64}, {3, 3, 72}, {2, 1, 256}}) {
            var shape = shape(heads, 0);
            int width = shape.heads() * shape.headDim();
            int keyWidth = shape.kvHeads() * shape.headDim();
            var inputs = new Inputs(
                    matrices().uniform(150, width),
                    matrices().uniform(150, keyWidth),
                    matrices().uniform(150, keyWidth));
            for (int window : new int[] {1000, 45}) {
                var whole = prefill(inputs, shape, format, window, 150);
                for (int chunk : new int[] {1, 7, 64}) {
                    Matrices.assertSameBits(prefill(inputs, shape, format, window, chunk), whole);
                }
            }
        }
    }

    /** Queries, keys and values of a sequence. */
    record Inputs(Rows q, Rows k, Rows v) {}

    private Rows prefill(Inputs inputs, AttentionShape shape, WeightFormat format, int window, int chunk) {
        Rows q = inputs.q();
        var kv = matrices().tiles(format, shape.kvHeads(), shape.headDim(), 5);
        var y = matrices().outputs(q.rows(), q.cols());
        var kernels = chunk % 2 == 0 ? shared() : alone();
        for (int first = 0; first < q.rows(); first += chunk) {
            int count = Math.min(chunk, q.rows() - first);
            kernels.store(inputs.k().slice(first, count), inputs.v().slice(first, count), kv, first);
            var visible = KeyRanges.causal(count, first, window);
            kernels.attention(q.slice(first, count), kv, visible, shape, y.slice(first, count));
        }
        return y;
    }

    @Test
    default void aBadQuerySpoilsItsOwnHeadAlone() {
        var shape = shape(new int[] {2, 1, 32}, 0);
        var kv = stored(WeightFormat.F32, shape, 40, 2);
        var q = matrices().uniform(9, 64);
        q.set(4, 35, Float.NaN);
        var y = matrices().outputs(9, 64);
        shared().attention(q, kv, KeyRanges.full(9, 40), shape, y);
        for (int r = 0; r < 9; r++) {
            for (int c = 0; c < 64; c++) {
                assertThat(Float.isFinite(y.get(r, c))).isEqualTo(r != 4 || c < 32);
            }
        }
    }

    @Test
    default void aBadValueSpoilsTheQueriesThatSeeIt() {
        var shape = shape(new int[] {1, 1, 16}, 0);
        var kv = stored(WeightFormat.F32, shape, 40, 2);
        var bad = matrices().uniform(1, 16);
        bad.set(0, 3, Float.POSITIVE_INFINITY);
        shared().store(matrices().uniform(1, 16), bad, kv, 35);
        var y = matrices().outputs(2, 16);
        var visible = new KeyRanges(new long[] {0, 0}, new long[] {32, 40});
        shared().attention(matrices().uniform(2, 16), kv, visible, shape, y);
        assertThat(Float.isFinite(y.get(1, 3))).isFalse();
    }

    /** Scores of some thousands leave one key only, and exp must not overflow on the way. */
    @Test
    default void hugeScoresPickTheLargest() {
        var shape = new AttentionShape(1, 1, 16, 1, 0);
        var kv = matrices().tiles(WeightFormat.F32, 1, 16, 3);
        var k = matrices().filled(70, 16, 0);
        for (int p = 0; p < 70; p++) {
            k.set(p, 0, p == 41 ? 90 : -p);
        }
        var v = matrices().uniform(70, 16);
        shared().store(k, v, kv, 0);
        var y = matrices().outputs(1, 16);
        shared().attention(matrices().filled(1, 16, 100), kv, KeyRanges.full(1, 70), shape, y);
        Matrices.assertNear(y, v.slice(41, 1), 1e-6); // one numerator, divided by itself
    }

    @Test
    default void tilesFollowTheirLayout() {
        var f32 = matrices().tiles(WeightFormat.F32, 2, 21, 3);
        var bf16 = matrices().tiles(WeightFormat.BF16, 2, 21, 3);
        var k = matrices().uniform(5, 42, 44);
        var v = matrices().uniform(5, 42);
        shared().store(k, v, f32, 124);
        shared().store(k, v, bf16, 124);
        for (int i = 0; i < 5; i++) {
            int slot = (124 + i) % 32;
            int tile = (124 + i) / 32 % 3;
            for (int head = 0; head < 2; head++) {
                for (int d = 0; d < 21; d++) {
                    long keys = (tile * 2L + head) * 2 * 32 * 32; // in numbers: D is 21 rounded up to 32
                    long values = keys + 32 * 32;
                    float key = k.get(i, head * 21 + d);
                    float value = v.get(i, head * 21 + d);
                    assertThat(f32.data().getAtIndex(ValueLayout.JAVA_FLOAT, keys + d * 32 + slot))
                            .isEqualTo(key);
                    assertThat(f32.data().getAtIndex(ValueLayout.JAVA_FLOAT, values + slot * 32 + d))
                            .isEqualTo(value);
                    long pairs = keys + 2L * (d / 2 * 32 + slot) + d % 2;
                    assertThat(bf16(bf16, pairs)).isEqualTo(Bf16.round(key));
                    assertThat(bf16(bf16, values + 2L * (slot / 2 * 32 + d) + slot % 2))
                            .isEqualTo(Bf16.round(value));
                }
                assertThat(f32.data().getAtIndex(ValueLayout.JAVA_FLOAT, (tile * 2L + head) * 2048 + 21 * 32 + slot))
                        .isZero();
            }
        }
    }

    @Test
    default void quantisedTilesFollowTheirLayout() {
        int dim = 41;
        int padded = 48;
        var q8 = matrices().tiles(WeightFormat.Q8_0, 2, dim, 3);
        var k = matrices().uniform(5, 2 * dim, 2 * dim + 3);
        var v = matrices().uniform(5, 2 * dim);
        shared().store(k, v, q8, 124);
        long headBytes = 32L * padded + 4 * 32 * 2;
        assertThat(q8.headBytes()).isEqualTo(headBytes);
        for (int i = 0; i < 5; i++) {
            int slot = (124 + i) % 32;
            long tile = (124L + i) / 32 % 3;
            for (int head = 0; head < 2; head++) {
                long keys = (tile * 2 + head) * 2 * headBytes;
                long values = keys + headBytes;
                for (int d = 0; d < dim; d++) {
                    long keyScale = keys + 32 * padded + 4 * (d / 32 * 32 + slot);
                    long valueScale = values + 32 * padded + 4 * (slot * 2 + d / 32);
                    assertQuantised(q8, keys + d * 32 + slot, keyScale, k.get(i, head * dim + d));
                    assertQuantised(q8, values + slot * padded + d, valueScale, v.get(i, head * dim + d));
                }
            }
        }
    }

    /** Values are below 1, so a step is at most 1/127. */
    private static void assertQuantised(KvTiles kv, long integer, long scale, float value) {
        float step = kv.data().get(ValueLayout.JAVA_FLOAT, scale);
        assertThat(step).isBetween(0.5f / 127, 1f / 127);
        assertThat(kv.data().get(ValueLayout.JAVA_BYTE, integer) * step).isCloseTo(value, within(0.5001f * step));
    }

    /** A key that is NaN, or not finite, leaves no query that sees it finite. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    default void aBadKeySpoilsTheQueriesThatSeeItInQ8(float bad) {
        var shape = shape(new int[] {1, 1, 40}, 0);
        var kv = stored(WeightFormat.Q8_0, shape, 40, 2);
        var k = matrices().uniform(1, 40);
        k.set(0, 35, bad);
        shared().store(k, matrices().uniform(1, 40), kv, 35);
        var y = matrices().outputs(1, 40);
        shared().attention(matrices().uniform(1, 40), kv, KeyRanges.full(1, 40), shape, y);
        assertThat(Float.isFinite(y.get(0, 3))).isFalse();
    }

    private static float bf16(KvTiles kv, long index) {
        return Bf16.value(kv.data().getAtIndex(ValueLayout.JAVA_SHORT, index));
    }
}
