package konsil.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import konsil.kernel.AttentionShape;
import konsil.kernel.KvTiles;
import konsil.kernel.WeightFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RingCacheTest {
    private static final List<WeightFormat> FORMATS = List.of(WeightFormat.F32, WeightFormat.BF16, WeightFormat.Q8_0);

    private static final int KV_HEADS = 2;
    private static final int HEAD_DIM = 5;

    private final Values v = new Values();

    @AfterEach
    void close() {
        v.close();
    }

    private static KvPlan plan(WeightFormat format, long maxPositions, int maxChunk, Integer... windows) {
        return new KvPlan(List.of(windows), KV_HEADS, HEAD_DIM, format, maxPositions, maxChunk);
    }

    private void feed(RingCache cache, int tokens, Integer... windows) {
        for (int layer = 0; layer < windows.length; layer++) {
            var spec = new AttentionSpec(
                    new AttentionShape(KV_HEADS, KV_HEADS, HEAD_DIM, 1, 0),
                    Mask.causal().window(windows[layer]));
            Tensor x = v.random(tokens, KV_HEADS * HEAD_DIM);
            v.ops.attention(x, x, x, spec, cache.layer(layer));
        }
        cache.advance(tokens);
    }

    private static long tiles(WeightFormat format, int count) {
        return KvTiles.bytes(format, KV_HEADS, HEAD_DIM, count);
    }

    @Test
    void ringsStopGrowingAndFullLayersGoOn() {
        for (var format : FORMATS) {
            try (var cache = new RingCache(plan(format, 4_000, 20, 45, KvPlan.EVERYTHING))) {
                assertThat(cache.byteSize()).isZero();
                feed(cache, 1, 45, KvPlan.EVERYTHING);
                assertThat(cache.byteSize()).isEqualTo(tiles(format, 2) + tiles(format, 8));
                for (int i = 0; i < 100; i++) {
                    feed(cache, 20, 45, KvPlan.EVERYTHING);
                }
                assertThat(cache.position()).isEqualTo(2_001);
                assertThat(cache.byteSize()).isEqualTo(tiles(format, 2) + tiles(format, 64));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "45, 20, BF16",
        "45, 21, BF16",
        "1, 1, BF16",
        "33, 64, BF16",
        "2147483647, 50, BF16",
        "45, 21, Q8_0",
        "2147483647, 50, Q8_0"
    })
    void piecesAreTheWholeWhileRingsGrowAndTurn(int window, int chunk, WeightFormat format) {
        int length = 700;
        int cols = KV_HEADS * HEAD_DIM;
        var shape = new AttentionShape(KV_HEADS, KV_HEADS, HEAD_DIM, 1, 0);
        var spec = new AttentionSpec(shape, Mask.causal().window(window));
        float[] all = v.random(length, cols).toArray();
        Tensor x = Tensor.of(v.memory, all, length, cols);
        float[] whole =
                v.ops.attention(x, x, x, spec, new KvLayer.PassThrough(format)).toArray();
        try (var cache = new RingCache(plan(format, length, chunk, window))) {
            for (int t = 0; t < length; t += chunk) {
                int end = Math.min(length, t + chunk);
                Tensor piece = Tensor.of(v.memory, Arrays.copyOfRange(all, t * cols, end * cols), end - t, cols);
                assertThat(v.ops.attention(piece, piece, piece, spec, cache.layer(0))
                                .toArray())
                        .as("positions %d to %d", t, end - 1)
                        .isEqualTo(Arrays.copyOfRange(whole, t * cols, end * cols));
                cache.advance(end - t);
            }
        }
    }

    @Test
    void growthEndsAtThePlansLimit() {
        try (var cache = new RingCache(plan(WeightFormat.F32, 300, 300, KvPlan.EVERYTHING))) {
            feed(cache, 257, KvPlan.EVERYTHING);
            assertThat(cache.byteSize()).isEqualTo(tiles(WeightFormat.F32, 9));
            feed(cache, 43, KvPlan.EVERYTHING);
            assertThat(cache.byteSize()).isEqualTo(tiles(WeightFormat.F32, 10));
            assertThatThrownBy(() -> feed(cache, 1, KvPlan.EVERYTHING))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("the context holds 300 tokens, this input needs 301");
            assertThat(cache.position()).isEqualTo(300);
        }
    }

    @Test
    void aKnownLengthIsReservedAtOnce() {
        try (var cache = new RingCache(plan(WeightFormat.BF16, 5_000, 20, 45, KvPlan.EVERYTHING))) {
            cache.reserve(1_000);
            long reserved = cache.byteSize();
            assertThat(reserved).isEqualTo(tiles(WeightFormat.BF16, 2) + tiles(WeightFormat.BF16, 32));
            for (int i = 0; i < 50; i++) {
                feed(cache, 20, 45, KvPlan.EVERYTHING);
            }
            assertThat(cache.byteSize()).isEqualTo(reserved);
            assertThatThrownBy(() -> cache.reserve(5_001)).isInstanceOf(BadInputException.class);
        }
    }

    /** Two heads of 5, padded to 16: keys and values of a tile in integers, and a scale for each position and head. */
    @Test
    void sizesAreKnownBeforehand() {
        long tile = 2L * 2 * (32 * 16 + 32 * 4);
        assertThat(tiles(WeightFormat.Q8_0, 1)).isEqualTo(tile);
        assertThat(plan(WeightFormat.Q8_0, 4_000, 20, 45, KvPlan.EVERYTHING, 45).shares(1_000))
                .containsExactly(
                        new KvPlan.Share(45, 2, 2 * 2 * tile, 2 * tile / 32),
                        new KvPlan.Share(KvPlan.EVERYTHING, 1, 32 * tile, tile / 32));
        for (var format : FORMATS) {
            for (long positions : new long[] {0, 1, 33, 1_000, 4_000}) {
                var plan = plan(format, 4_000, 20, 45, KvPlan.EVERYTHING, 45);
                try (var cache = new RingCache(plan)) {
                    cache.reserve(positions);
                    assertThat(plan.byteSize(positions)).isEqualTo(cache.byteSize());
                }
            }
        }
    }

    @Test
    void goingBackIsPossibleWhileTheRingsHoldTheWindow() {
        try (var cache = new RingCache(plan(WeightFormat.F32, 4_000, 20, 45, KvPlan.EVERYTHING))) {
            for (int i = 0; i < 10; i++) {
                feed(cache, 20, 45, KvPlan.EVERYTHING);
            }
            assertThat(cache.truncate(180)).isEqualTo(180);
            feed(cache, 20, 45, KvPlan.EVERYTHING);
            assertThat(cache.truncate(200)).isEqualTo(200);
            assertThatThrownBy(() -> cache.truncate(201)).isInstanceOf(IllegalArgumentException.class);
            assertThat(cache.truncate(179)).isZero();
            assertThat(cache.position()).isZero();
        }
    }

    @Test
    void whatIsForgottenIsErased() {
        for (var format : FORMATS) {
            try (var cache = new RingCache(plan(format, 500, 100, 90, KvPlan.EVERYTHING))) {
                feed(cache, 39, 90, KvPlan.EVERYTHING);
                byte[] before = bytes(cache, 1);
                feed(cache, 100, 90, KvPlan.EVERYTHING);
                assertThat(bytes(cache, 1)).isNotEqualTo(before);
                assertThat(cache.truncate(39)).isEqualTo(39);
                assertThat(bytes(cache, 1)).isEqualTo(before);
                feed(cache, 100, 90, KvPlan.EVERYTHING);
                feed(cache, 100, 90, KvPlan.EVERYTHING);
                assertThat(cache.truncate(0)).isZero();
                assertThat(bytes(cache, 0)).containsOnly(0);
                assertThat(bytes(cache, 1)).containsOnly(0);
            }
        }
    }

    private static byte[] bytes(RingCache cache, int layer) {
        return ((KvRing) cache.layer(layer)).tiles().data().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void aLayerLeftOutIsNoticed() {
        try (var cache = new RingCache(plan(WeightFormat.F32, 500, 100, 90, KvPlan.EVERYTHING))) {
            assertThatThrownBy(() -> feed(cache, 3, 90))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("cache: layer 1 was not given keys up to 3");
        }
    }

    @Test
    void windowsAndChunksBeyondThePlanAreRefused() {
        try (var cache = new RingCache(plan(WeightFormat.F32, 500, 20, 45))) {
            assertThatThrownBy(() -> feed(cache, 21, 45))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("at most 20 tokens at once");
            for (int i = 0; i < 5; i++) {
                feed(cache, 20, 45);
            }
            assertThatThrownBy(() -> feed(cache, 20, 90))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("a window of at most 45");
        }
    }

    @Test
    void headsMustFitThePlan() {
        try (var cache = new RingCache(plan(WeightFormat.F32, 500, 20, 45))) {
            var spec = new AttentionSpec(new AttentionShape(1, 1, HEAD_DIM, 1, 0), Mask.causal());
            Tensor x = v.random(1, HEAD_DIM);
            assertThatThrownBy(() -> v.ops.attention(x, x, x, spec, cache.layer(0)))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage("attention: k: want 2 heads of 5, got 5 columns");
        }
    }

    @Test
    void plansMakeSense() {
        assertThatThrownBy(() -> plan(WeightFormat.Q4_0, 10, 1, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> plan(WeightFormat.F32, 0, 1, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> plan(WeightFormat.F32, 10, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KvCache.None(WeightFormat.Q4_0).layer(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noneStartsAtZeroAndStaysThere() {
        var none = new KvCache.None(WeightFormat.F32);
        none.advance(7);
        assertThat(none.positions(3)).containsExactly(0, 1, 2);
    }
}
