package konsil.medgemma;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.WeightFormat;
import konsil.medgemma.Golden.Case;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What transformers computes, stage by stage, on every implementation of the kernels. Both sides are f32, so the
 * differences are those of summation order, about 1e-6; the bound leaves room for longer sums.
 */
final class GoldenTest {
    private static final double EXACT = 2e-5;

    /** gemma3-a was written by a model that had been moved to bf16 and back, which rounds its rotary angles. */
    private static boolean coarse(Golden golden) {
        return golden.folder().endsWith("gemma3-a");
    }

    static Stream<Arguments> checkpoints() {
        return OpenModel.kinds().flatMap(kind -> Stream.of("gemma3-a", "gemma3-b", "gemma3-c")
                .map(name -> Arguments.argumentSet(name + " " + kind, name, kind)));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void everyStageIsTheReference(String name, Kind kind) {
        var golden = Golden.of(name);
        try (var open = new OpenModel(kind, LoadOptions.of(WorkingFormat.EXACT), golden.folder())) {
            var model = coarse(golden) ? open.model().coarseAngles() : open.model();
            try (var runner = new Runner(model, 1L << 30)) {
                for (var c : golden.cases()) {
                    new Check(golden, c, open, runner).run();
                }
            }
        }
    }

    /** One case. */
    private record Check(Golden golden, Case c, OpenModel open, Runner runner) {
        void run() {
            var images = open.images(golden, c);
            if (!images.isEmpty()) {
                close(
                        "vision_last_hidden",
                        runner.visionHidden(golden.pixels(c.images().getFirst())));
                close("image_features", joined(images));
            }
            var sequence = open.sequence(c);
            var seen = new Seen(sequence);
            try (var cache = open.model().cache(1024, 512)) {
                runner.run(cache, sequence, images, seen);
                close("logits_last", seen.last);
                var argmax = golden.expected(c, "logits_all_argmax");
                for (int p = 0; p < argmax.length; p++) {
                    assertThat(seen.argmax[p]).as("%s: argmax at %d", c, p).isEqualTo((int) argmax[p]);
                }
                double loss = golden.expected(c, "loss")[0];
                assertThat(Math.abs(seen.loss() - loss) / loss)
                        .as("%s: loss", c)
                        .isLessThan(EXACT);
                assertThat(greedy(cache, seen.last)).as("%s: greedy", c).isEqualTo(c.greedy());
            }
        }

        private void close(String stage, float[] actual) {
            assertThat(Golden.distance(actual, golden.expected(c, stage)))
                    .as("%s: %s", c, stage)
                    .isLessThan(EXACT);
        }

        private static float[] joined(List<SoftTokens> images) {
            int length = images.getFirst().values().length;
            var all = new float[images.size() * length];
            for (int i = 0; i < images.size(); i++) {
                System.arraycopy(images.get(i).values(), 0, all, i * length, length);
            }
            return all;
        }

        private int[] greedy(konsil.tensor.RingCache cache, float[] first) {
            var made = new int[c.greedy().length];
            float[] logits = first;
            for (int i = 0; i < made.length; i++) {
                made[i] = Golden.argmax(logits);
                logits = runner.step(cache, made[i]);
            }
            return made;
        }
    }

    /** Logits of every position, reduced to what the golden files hold. */
    private static final class Seen implements Runner.Listener {
        private final TokenSequence sequence;
        private final int[] argmax;
        private float[] last = {};
        private double loss;
        private int counted;

        Seen(TokenSequence sequence) {
            this.sequence = sequence;
            this.argmax = new int[sequence.size()];
        }

        @Override
        public boolean wants(int position) {
            return true;
        }

        @Override
        public void logits(int position, float[] logits) {
            argmax[position] = Golden.argmax(logits);
            if (position == sequence.size() - 1) {
                last = logits;
            } else if (sequence.imageOf(position + 1) < 0) {
                loss += crossEntropy(logits, sequence.id(position + 1));
                counted++;
            }
        }

        private static double crossEntropy(float[] logits, int id) {
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp(logit);
            }
            return Math.log(sum) - logits[id];
        }

        double loss() {
            return loss / counted;
        }
    }

    /** With exact angles, as every use has them, gemma3-a stays near: its prompts are short. */
    @ParameterizedTest
    @MethodSource("konsil.medgemma.OpenModel#kinds")
    void exactAnglesStayNear(Kind kind) {
        var golden = Golden.of("gemma3-a");
        try (var open = new OpenModel(kind, LoadOptions.of(WorkingFormat.EXACT), golden.folder())) {
            for (var c : golden.cases()) {
                double distance = Golden.distance(open.logits(golden, c), golden.expected(c, "logits_last"));
                assertThat(distance).as(c.name()).isBetween(EXACT, 5e-3);
            }
        }
    }

    static Stream<Arguments> ggufs() {
        return OpenModel.kinds()
                .flatMap(kind -> Stream.of(
                        Arguments.argumentSet("BF16 " + kind, kind, "BF16", 0.9999),
                        Arguments.argumentSet("Q8_0 " + kind, kind, "Q8_0", 0.9993),
                        Arguments.argumentSet("Q4_0 " + kind, kind, "Q4_0", 0.9992)));
    }

    /** De-quantised, the values of the reference; as stored, rounded activations and keys move the logits a little. */
    @ParameterizedTest
    @MethodSource("ggufs")
    void ggufIsTheReference(Kind kind, String type, double least) {
        var golden = Golden.of("gguf-a");
        var images = Golden.of("gemma3-a");
        Path[] paths = {golden.file("text-%s.gguf".formatted(type)), golden.file("mmproj-F16.gguf")};
        try (var exact = new OpenModel(kind, LoadOptions.of(WorkingFormat.EXACT), paths);
                var stored = new OpenModel(kind, LoadOptions.DEFAULT, paths)) {
            for (var c : images.cases()) {
                float[] expected = golden.values("expected.safetensors", "%s.%s.logits_last".formatted(type, c.name()));
                assertThat(Golden.distance(exact.logits(images, c), expected))
                        .as(c.name())
                        .isLessThan(EXACT);
                double cosine = Golden.cosine(stored.logits(images, c), expected);
                assertThat(cosine).as(c.name()).isGreaterThan(least);
            }
        }
    }

    /** Keys and values of 8 bits move the logits no more than weights of 8 bits do. */
    @ParameterizedTest
    @MethodSource("konsil.medgemma.OpenModel#kinds")
    void keysInQ8StayNear(Kind kind) {
        var images = Golden.of("gemma3-a");
        var gguf = Golden.of("gguf-a");
        Path[] paths = {gguf.file("text-Q8_0.gguf"), gguf.file("mmproj-F16.gguf")};
        try (var published = new OpenModel(kind, inQ8(WorkingFormat.BF16), images.folder());
                var stored = new OpenModel(kind, inQ8(WorkingFormat.STORED), paths)) {
            for (var c : images.cases()) {
                double cosine = Golden.cosine(published.logits(images, c), images.expected(c, "logits_last"));
                assertThat(cosine).as("bf16 %s", c.name()).isGreaterThan(0.9996);
                float[] expected = gguf.values("expected.safetensors", "Q8_0.%s.logits_last".formatted(c.name()));
                cosine = Golden.cosine(stored.logits(images, c), expected);
                assertThat(cosine).as("Q8_0 %s", c.name()).isGreaterThan(0.9991);
            }
        }
    }

    private static LoadOptions inQ8(WorkingFormat text) {
        return LoadOptions.of(text).withCache(WeightFormat.Q8_0);
    }

    @ParameterizedTest
    @MethodSource("konsil.medgemma.OpenModel#kinds")
    void greedyWordsSurviveBf16(Kind kind) {
        var golden = Golden.of("gemma3-b");
        try (var open = new OpenModel(kind, LoadOptions.of(WorkingFormat.BF16), golden.folder())) {
            for (var c : golden.cases()) {
                float[] logits = open.logits(golden, c);
                float[] expected = golden.expected(c, "logits_last");
                assertThat(Golden.cosine(logits, expected)).as(c.name()).isGreaterThan(0.9995);
                assertThat(Arrays.stream(c.greedy()).findFirst()).hasValue(Golden.argmax(logits));
            }
        }
    }
}
