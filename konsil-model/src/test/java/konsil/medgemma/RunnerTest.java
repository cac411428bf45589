package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.WeightFormat;
import konsil.tensor.BadInputException;
import konsil.tensor.RingCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However a sequence is cut, cached or run beside others: the same logits, to the bit. */
final class RunnerTest {
    private static final Golden GOLDEN = Golden.of("gemma3-b");

    /** Kernels, weights, keys and values. */
    record Way(Kind kind, WorkingFormat format, WeightFormat cache) {
        OpenModel open() {
            return new OpenModel(kind, LoadOptions.of(format).withCache(cache), GOLDEN.folder());
        }
    }

    static Stream<Way> ways() {
        return OpenModel.kinds()
                .flatMap(kind -> Stream.of(
                        new Way(kind, WorkingFormat.EXACT, WeightFormat.F32),
                        new Way(kind, WorkingFormat.BF16, WeightFormat.BF16),
                        new Way(kind, WorkingFormat.Q8_0, WeightFormat.BF16),
                        new Way(kind, WorkingFormat.Q8_0, WeightFormat.Q8_0),
                        new Way(kind, WorkingFormat.Q4_0, WeightFormat.F32)));
    }

    private OpenModel open;

    @AfterEach
    void close() {
        open.close();
    }

    private void open(Way way) {
        open = way.open();
    }

    private void openScalar() {
        open(new Way(Kind.SCALAR, WorkingFormat.EXACT, WeightFormat.F32));
    }

    private static Golden.Case named(String name) {
        return GOLDEN.cases().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private RingCache cache(int maxChunk) {
        return open.model().cache(400, maxChunk);
    }

    /** Logits after every token. */
    private List<float[]> all(RingCache cache, TokenSequence sequence, List<SoftTokens> images) {
        var all = new TreeMap<Integer, float[]>();
        open.runner().run(cache, sequence, images, new Runner.Listener() {
            @Override
            public boolean wants(int position) {
                return true;
            }

            @Override
            public void logits(int position, float[] logits) {
                all.put(position, logits);
            }
        });
        return List.copyOf(all.values());
    }

    private List<float[]> fresh(TokenSequence sequence, List<SoftTokens> images, int maxChunk) {
        try (var cache = cache(maxChunk)) {
            return all(cache, sequence, images);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void chunksAreTheWhole(Way way) {
        open(way);
        for (String name : List.of("two_images", "neighbours", "long_text")) {
            var c = named(name);
            var images = open.images(GOLDEN, c);
            var whole = fresh(open.sequence(c), images, 400);
            for (int chunk : new int[] {16, 19, 33}) {
                var cut = fresh(open.sequence(c), images, chunk);
                assertThat(cut).hasSameSizeAs(whole);
                for (int p = 0; p < whole.size(); p++) {
                    assertThat(cut.get(p))
                            .as("%s, chunks of %d, token %d", name, chunk, p)
                            .isEqualTo(whole.get(p));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void tokenByTokenIsTheWhole(Way way) {
        open(way);
        var c = named("text");
        var whole = fresh(open.sequence(c), List.of(), 400);
        try (var cache = cache(16)) {
            for (int p = 0; p < c.ids().length; p++) {
                assertThat(open.runner().step(cache, c.ids()[p]))
                        .as("token %d", p)
                        .isEqualTo(whole.get(p));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void togetherIsAlone(Way way) {
        open(way);
        var cases = List.of(named("text"), named("two_images"), named("long_text"));
        var caches = cases.stream().map(c -> cache(48)).toList();
        var alone = new ArrayList<List<float[]>>();
        for (var c : cases) {
            alone.add(fresh(open.sequence(c), open.images(GOLDEN, c), 400));
        }
        var ends = new ArrayList<float[]>();
        while (ends.size() < cases.size()) {
            var jobs = new ArrayList<Job>();
            for (int i = 0; i < cases.size(); i++) {
                var sequence = open.sequence(cases.get(i));
                if (caches.get(i).position() < sequence.size()) {
                    jobs.add(Job.Chunk.next(caches.get(i), sequence, open.images(GOLDEN, cases.get(i))));
                }
            }
            for (var logits : open.runner().run(jobs)) {
                logits.ifPresent(ends::add);
            }
        }
        assertThat(ends.getFirst()).isEqualTo(alone.getFirst().getLast());
        assertThat(ends.get(1)).isEqualTo(alone.get(1).getLast());
        assertThat(ends.getLast()).isEqualTo(alone.getLast().getLast());
        stepsTogetherAreAlone(cases, caches);
        caches.forEach(RingCache::close);
    }

    private void stepsTogetherAreAlone(List<Golden.Case> cases, List<RingCache> caches) {
        for (int step = 0; step < 4; step++) {
            var jobs = new ArrayList<Job>();
            for (int i = 0; i < caches.size(); i++) {
                jobs.add(new Job.Step(caches.get(i), cases.get(i).greedy()[step]));
            }
            var together = open.runner().run(jobs);
            for (int i = 0; i < cases.size(); i++) {
                var c = cases.get(i);
                int[] ids = Arrays.copyOf(c.ids(), c.ids().length + step + 1);
                System.arraycopy(c.greedy(), 0, ids, c.ids().length, step + 1);
                var sequence = TokenSequence.of(open.model().config(), ids);
                var alone = fresh(sequence, open.images(GOLDEN, c), 400).getLast();
                assertThat(together.get(i))
                        .hasValueSatisfying(logits -> assertThat(logits).isEqualTo(alone));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anotherQuestionAboutTheSameImages(Way way) {
        open(way);
        var c = named("two_images");
        var images = open.images(GOLDEN, c);
        var first = open.sequence(c);
        int[] ids = c.ids().clone();
        Arrays.fill(ids, ids.length - 5, ids.length, 77);
        var second = TokenSequence.of(open.model().config(), ids);
        var expected = fresh(second, images, 400).getLast();
        try (var cache = cache(64)) {
            assertThat(open.runner().prefill(cache, first, images)).hasSize(300);
            int common = first.commonPrefix(second);
            assertThat(common).isEqualTo(c.ids().length - 5);
            assertThat(cache.truncate(common)).isEqualTo(common);
            assertThat(open.runner().prefill(cache, second, images)).isEqualTo(expected);
        }
    }

    @Test
    void chosenRowsAndProgress() {
        openScalar();
        var c = named("long_text");
        var sequence = open.sequence(c);
        var whole = fresh(sequence, List.of(), 400);
        var seen = new ArrayList<Integer>();
        var advanced = new ArrayList<Integer>();
        try (var cache = cache(100)) {
            open.runner().run(cache, sequence, List.of(), new Runner.Listener() {
                @Override
                public boolean wants(int position) {
                    return position % 70 == 3;
                }

                @Override
                public void logits(int position, float[] logits) {
                    seen.add(position);
                    assertThat(logits).isEqualTo(whole.get(position));
                }

                @Override
                public void advanced(int position) {
                    advanced.add(position);
                }
            });
        }
        assertThat(seen).containsExactly(3, 73, 143, 213, 283);
        assertThat(advanced).containsExactly(100, 200, 300, 321);
    }

    @Test
    void aStoppedRunGoesOnWhereItStood() {
        openScalar();
        var sequence = open.sequence(named("long_text"));
        var whole = fresh(sequence, List.of(), 400).getLast();
        try (var cache = cache(100)) {
            assertThatThrownBy(() -> open.runner().run(cache, sequence, List.of(), new Runner.Listener() {
                        @Override
                        public boolean wants(int position) {
                            return false;
                        }

                        @Override
                        public void logits(int position, float[] logits) {
                            throw new AssertionError("nothing was wanted");
                        }

                        @Override
                        public void advanced(int position) {
                            if (position == 200) {
                                throw new UnsupportedOperationException("enough");
                            }
                        }
                    }))
                    .hasMessage("enough");
            assertThat(cache.position()).isEqualTo(200);
            assertThat(open.runner().prefill(cache, sequence, List.of())).isEqualTo(whole);
        }
    }

    @Test
    void inputsThatDoNotFitAreRefused() {
        openScalar();
        var runner = open.runner();
        var c = named("two_images");
        var images = open.images(GOLDEN, c);
        try (var cache = cache(64);
                var small = open.model().cache(50, 32)) {
            refused(() -> runner.prefill(cache, open.sequence(c), images.subList(0, 1)), "room for 2 images, got 1");
            refused(() -> runner.prefill(small, open.sequence(c), images), "the context holds 50 tokens");
            refused(() -> runner.step(cache, 300), "token 300 lies beyond the 300 of this model");
            refused(() -> runner.step(cache, -1), "token -1");
            assertThat(cache.position()).isZero();
            runner.prefill(cache, open.sequence(c), images);
            assertThatThrownBy(() -> runner.prefill(cache, open.sequence(c), images))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        refused(() -> open.model().cache(100, 15), "chunks of 15 tokens cannot hold an image of 16");
        try (var poor = new Runner(open.model(), 1 << 10)) {
            refused(() -> poor.encode(GOLDEN.pixels("first")), "more working memory");
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(BadInputException.class).hasMessageContaining(message);
    }
}
