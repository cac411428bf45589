package konsil.tensor.nets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import konsil.kernel.Activation;
import konsil.kernel.Kernels;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.tensor.KernelOps;
import konsil.tensor.KvCache;
import konsil.tensor.Mask;
import konsil.tensor.Ops;
import konsil.tensor.RingCache;
import konsil.tensor.ShapeException;
import konsil.tensor.Step;
import konsil.tensor.TapeOps;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One definition, several ways to run it: with and without a tape, whole, in chunks and token by token. All must agree
 * to the bit, on every implementation of the kernels. The workspace hands out NaN, so an element that an op forgot to
 * write shows.
 */
final class EqualityTest {
    private static final int TOKENS = 150;
    private static final int MAX_CHUNK = 40;
    private static final TinyGemma.Config GEMMA = new TinyGemma.Config(3, 20, 4, 2, 12, 24, 37, 3);

    /** Kernels, format of the frozen projections, format of keys and values. */
    record Way(Kernels kernels, WeightFormat weights, WeightFormat kv) {
        @Override
        public String toString() {
            return "%s kernels, %s weights, %s keys".formatted(kernels.name(), weights, kv);
        }
    }

    static Stream<Way> ways() {
        return AllKernels.of(new Workers(1)).stream()
                .flatMap(kernels -> Stream.of(
                        new Way(kernels, WeightFormat.F32, WeightFormat.F32),
                        new Way(kernels, WeightFormat.BF16, WeightFormat.BF16),
                        new Way(kernels, WeightFormat.Q8_0, WeightFormat.BF16),
                        new Way(kernels, WeightFormat.Q8_0, WeightFormat.Q8_0),
                        new Way(kernels, WeightFormat.Q4_0, WeightFormat.F32)));
    }

    private TinyWeights weights;
    private TinyGemma gemma;
    private KvCache.None none;
    private Workers workers;
    private Workspace space;
    private KernelOps ops;

    private void open(Way way) {
        weights = new TinyWeights(11, way.weights());
        gemma = TinyGemma.random(GEMMA, weights);
        none = new KvCache.None(way.kv());
        workers = new Workers(1);
        space = new Workspace(1L << 30, Workspace.Leftovers.NAN);
        ops = new KernelOps(way.kernels(), workers, space);
    }

    @AfterEach
    void close() {
        space.close();
        workers.close();
        weights.close();
    }

    private static Mask twoImages() {
        var imageOf = new int[110];
        Arrays.fill(imageOf, -1);
        Arrays.fill(imageOf, 10, 34, 0);
        Arrays.fill(imageOf, 75, 100, 1);
        return Mask.causal(imageOf);
    }

    private static float[] rows(float[] all, int from, int to) {
        int cols = all.length / TOKENS;
        return Arrays.copyOfRange(all, from * cols, to * cols);
    }

    /** Runs rows {@code from} to {@code to - 1} of x, in one piece, on what the cache holds. */
    private float[] run(Tensor x, int from, int to, Mask mask, KvCache cache) {
        Tensor piece = space.tensor(to - from, x.dim(1));
        piece.copyFrom(rows(x.toArray(), from, to));
        float[] y = gemma.forward(ops, piece, mask, cache).toArray();
        space.reset();
        return y;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void tapedIsPlain(Way way) {
        open(way);
        Tensor x = weights.values(TOKENS, GEMMA.dim());
        float[] plain = gemma.forward(ops, x, twoImages(), none).toArray();
        var tape = new TapeOps(ops, weights.trainable());
        assertThat(gemma.forward(tape, x, twoImages(), none).toArray()).isEqualTo(plain);
        assertThat(plain).doesNotContain(Float.NaN);
        assertThat(tape.steps()).hasSizeGreaterThan(100);
        assertThat(tape.tracks(x)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void tokenByTokenIsTheWholeSequence(Way way) {
        open(way);
        Tensor x = weights.values(TOKENS, GEMMA.dim());
        float[] whole = run(x, 0, TOKENS, Mask.causal(), none);
        try (var cache = new RingCache(GEMMA.cache(way.kv(), TOKENS, 1))) {
            for (int t = 0; t < TOKENS; t++) {
                assertThat(run(x, t, t + 1, Mask.causal(), cache))
                        .as("token %d", t)
                        .isEqualTo(rows(whole, t, t + 1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void chunksWithImagesAreTheWholeSequence(Way way) {
        open(way);
        Tensor x = weights.values(TOKENS, GEMMA.dim());
        Mask mask = twoImages();
        float[] whole = run(x, 0, TOKENS, mask, none);
        for (int most : new int[] {25, 31, 32, MAX_CHUNK}) {
            try (var cache = new RingCache(GEMMA.cache(way.kv(), TOKENS, MAX_CHUNK))) {
                for (int t = 0; t < TOKENS; ) {
                    int next = t + mask.chunk(t, Math.min(most, TOKENS - t));
                    assertThat(run(x, t, next, mask, cache))
                            .as("tokens %d to %d", t, next)
                            .isEqualTo(rows(whole, t, next));
                    t = next;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anotherTextAfterTheSameBeginning(Way way) {
        open(way);
        Tensor x = weights.values(TOKENS, GEMMA.dim());
        Tensor y = weights.values(TOKENS, GEMMA.dim());
        float[] beginning = rows(x.toArray(), 0, 100);
        float[] ending = rows(y.toArray(), 100, TOKENS);
        float[] both = Arrays.copyOf(beginning, beginning.length + ending.length);
        System.arraycopy(ending, 0, both, beginning.length, ending.length);
        Tensor joined = weights.values(TOKENS, GEMMA.dim());
        joined.copyFrom(both);
        float[] whole = run(joined, 0, TOKENS, Mask.causal(), none);
        try (var cache = new RingCache(GEMMA.cache(way.kv(), TOKENS, MAX_CHUNK))) {
            for (int t = 0; t < 120; t += 20) {
                assertThat(run(x, t, t + 20, Mask.causal(), cache)).hasSize(20 * GEMMA.dim());
            }
            assertThat(cache.truncate(100)).isEqualTo(100);
            for (int t = 100; t < TOKENS; t += 10) {
                assertThat(run(joined, t, t + 10, Mask.causal(), cache)).isEqualTo(rows(whole, t, t + 10));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aWorkspaceUsedAgainGivesTheSameBits(Way way) {
        open(way);
        Tensor x = weights.values(60, GEMMA.dim());
        Tensor other = weights.values(90, GEMMA.dim());
        float[] first = gemma.forward(ops, x, Mask.causal(), none).toArray();
        space.reset();
        assertThat(gemma.forward(ops, other, Mask.causal(), none).toArray()).doesNotContain(Float.NaN);
        space.reset();
        assertThat(gemma.forward(ops, x, Mask.causal(), none).toArray()).isEqualTo(first);
    }

    /**
     * How training will save memory: keep the blocks' inputs, run each block again under its own tape on the way back.
     */
    @ParameterizedTest
    @MethodSource("ways")
    void blocksRunAgainUnderTheirOwnTapeGiveTheSameValues(Way way) {
        open(way);
        Tensor x = weights.values(70, GEMMA.dim());
        var outputs = new ArrayList<Tensor>(List.of(x));
        for (int layer = 0; layer < GEMMA.layers(); layer++) {
            Tensor kept = space.tensor(x.shape());
            try (var _ = space.mark()) {
                kept.copyFrom(gemma.block(ops, layer, outputs.getLast(), Mask.causal(), none));
            }
            outputs.add(kept);
        }
        var whole = new TapeOps(ops, weights.trainable());
        assertThat(gemma.forward(whole, x, Mask.causal(), none).toArray())
                .isEqualTo(ops.rmsNorm(outputs.getLast(), gemma.norm(), 1e-6f).toArray());
        for (int layer = GEMMA.layers() - 1; layer >= 0; layer--) {
            try (var _ = space.mark()) {
                var tape = new TapeOps(ops, weights.trainable());
                Tensor again = gemma.block(tape, layer, outputs.get(layer), Mask.causal(), none);
                assertThat(again.toArray()).isEqualTo(outputs.get(layer + 1).toArray());
                assertThat(tape.steps()).hasSizeLessThan(whole.steps().size() / 2);
            }
        }
    }

    /** A chain keeps two results at a time; taking them one after the other keeps all. */
    @ParameterizedTest
    @MethodSource("ways")
    void aChainIsItsLinksOneAfterTheOther(Way way) {
        open(way);
        Tensor x = weights.values(40, GEMMA.dim());
        Tensor y = x;
        for (int layer = 0; layer < GEMMA.layers(); layer++) {
            y = gemma.block(ops, layer, y, Mask.causal(), none);
        }
        float[] expected = y.toArray();
        float[] input = x.toArray();
        Ops.Link link = (layer, t) -> gemma.block(ops, layer, t, Mask.causal(), none);
        assertThat(ops.chain(x, GEMMA.layers(), link).toArray()).isEqualTo(expected);
        assertThat(ops.chain(x, 1, link).toArray())
                .isEqualTo(gemma.block(ops, 0, x, Mask.causal(), none).toArray());
        assertThat(ops.chain(x, 0, link)).isSameAs(x);
        assertThat(x.toArray()).isEqualTo(input);
        var tape = new TapeOps(ops, weights.trainable());
        Tensor taped = tape.chain(x, GEMMA.layers(), (layer, t) -> gemma.block(tape, layer, t, Mask.causal(), none));
        assertThat(taped.toArray()).isEqualTo(expected);
        assertThat(tape.tracks(taped)).isTrue();
    }

    /** Whatever the number of rows, whole blocks of them or not. */
    @ParameterizedTest
    @MethodSource("ways")
    void rowByRowIsAllRowsAtOnce(Way way) {
        open(way);
        Tensor matrix = weights.values(24, 16);
        UnaryOperator<Tensor> part = rows -> ops.activate(Activation.SILU, ops.linear(ops.scale(rows, 1.5f), matrix));
        for (int rows : new int[] {1, 168, 169, 400}) {
            Tensor x = weights.values(rows, 16);
            float[] input = x.toArray();
            assertThat(ops.rowByRow(x, 24, part).toArray())
                    .isEqualTo(part.apply(x).toArray());
            assertThat(x.toArray()).isEqualTo(input);
        }
        Tensor many = weights.values(400, 16);
        assertThatThrownBy(() -> ops.rowByRow(many, 16, part)).isInstanceOf(ShapeException.class);
        var tape = new TapeOps(ops, weights.trainable());
        Tensor taped = tape.rowByRow(many, 24, rows -> tape.linear(rows, matrix));
        assertThat(taped.toArray()).isEqualTo(ops.linear(many, matrix).toArray());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void tapedConformerIsPlain(Way way) {
        open(way);
        Tensor variance = weights.values(16);
        float[] positive = variance.toArray();
        for (int i = 0; i < positive.length; i++) {
            positive[i] = Math.abs(positive[i]) + 0.1f;
        }
        variance.copyFrom(positive);
        var conformer = TinyConformer.random(weights, 10, variance);
        Tensor x = weights.values(75, 10);
        float[] plain = conformer.forward(ops, x, none).toArray();
        var tape = new TapeOps(ops, weights.trainable());
        assertThat(conformer.forward(tape, x, none).toArray()).isEqualTo(plain);
        assertThat(plain).doesNotContain(Float.NaN).hasSize(36 * 16);
        assertThat(tape.steps()).hasAtLeastOneElementOfType(Step.BatchNorm.class);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void tapedVisionAndWordsArePlain(Way way) {
        open(way);
        var vision = TinyVision.random(weights, GEMMA.dim(), 30);
        Tensor image = weights.values(3, 16, 16);
        var random = new Random(3);
        int[] ids = random.ints(12, 0, 30).toArray();
        float[] plain = vision.embed(ops, image, ids, 5, none).toArray();
        var tape = new TapeOps(ops, weights.trainable());
        assertThat(vision.embed(tape, image, ids, 5, none).toArray()).isEqualTo(plain);
        assertThat(plain).doesNotContain(Float.NaN);
        assertThat(tape.steps()).hasAtLeastOneElementOfType(Step.ScatterRows.class);
    }
}
