package konsil.medasr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.medasr.CtcAlignment.Span;
import konsil.tensor.BadInputException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The trellis against all paths written out. */
final class CtcAlignmentTest {
    private static final int BLANK = 0;

    private static Emissions random(int frames, int tokens, long seed) {
        var random = new Random(seed);
        float[] logits = new float[frames * tokens];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (2 * random.nextGaussian());
        }
        return emissions(tokens, logits);
    }

    private static Emissions emissions(int tokens, float[] logits) {
        int frames = logits.length / tokens;
        LogSoftmax.inPlace(logits, tokens, 0, frames);
        return new Emissions(frames, tokens, logits);
    }

    /** Every sequence of frames that collapses to the tokens, with its logarithm of a probability. */
    private static double[] paths(Emissions e, int[] wanted, int[] bestPath) {
        double sum = Double.NEGATIVE_INFINITY;
        double best = Double.NEGATIVE_INFINITY;
        int count = (int) Math.pow(e.tokens(), e.frames());
        for (int code = 0; code < count; code++) {
            int[] path = new int[e.frames()];
            double score = 0;
            for (int i = 0, rest = code; i < path.length; i++, rest /= e.tokens()) {
                path[i] = rest % e.tokens();
                score += e.at(i, path[i]);
            }
            if (Arrays.equals(Ctc.collapse(path, BLANK), wanted)) {
                sum = Math.max(sum, score) + Math.log1p(Math.exp(-Math.abs(sum - score)));
                if (score > best) {
                    best = score;
                    System.arraycopy(path, 0, bestPath, 0, path.length);
                }
            }
        }
        return new double[] {sum, best};
    }

    private static int[] path(List<Span> spans, int frames) {
        int[] path = new int[frames];
        for (var span : spans) {
            Arrays.fill(path, span.from(), span.to(), span.token());
        }
        return path;
    }

    @Test
    void isTheBestOfAllPaths() {
        for (int seed = 0; seed < 40; seed++) {
            var emissions = random(6, 3, seed);
            for (int[] wanted : new int[][] {{1}, {1, 2}, {1, 1}, {2, 1, 2}, {1, 1, 2}, {2, 2, 2}, {1, 2, 1, 2}}) {
                int[] best = new int[6];
                double sum = paths(emissions, wanted, best)[0];
                assertThat(path(CtcAlignment.align(emissions, wanted, BLANK), 6))
                        .isEqualTo(best);
                assertThat(CtcAlignment.logLikelihood(emissions, wanted, BLANK)).isCloseTo(sum, Offset.offset(1e-9));
            }
        }
    }

    /** Sound so long that it is traced back in several blocks; made of the alignment that is to be found. */
    @Test
    void longSoundIsTracedBackInBlocks() {
        var random = new Random(8);
        for (int frames : new int[] {511, 512, 513, 1024, 3_000}) {
            int[] said = new int[frames];
            for (int i = 1; i < frames; i++) {
                said[i] = random.nextInt(3) == 0 ? random.nextInt(6) : said[i - 1];
            }
            float[] logits = new float[frames * 6];
            for (int i = 0; i < frames; i++) {
                logits[i * 6 + said[i]] = 5;
            }
            var emissions = emissions(6, logits);
            int[] tokens = Ctc.collapse(said, BLANK);
            assertThat(path(CtcAlignment.align(emissions, tokens, BLANK), frames))
                    .isEqualTo(said);
        }
    }

    @Test
    void refusesWhatCannotBe() {
        var emissions = random(3, 4, 1);
        assertThat(CtcAlignment.align(emissions, new int[0], BLANK)).isEmpty();
        assertThat(CtcAlignment.align(emissions, new int[] {1, 2, 3}, BLANK)).hasSize(3);
        assertThatThrownBy(() -> CtcAlignment.align(emissions, new int[] {1, 2, 2}, BLANK))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("3 tokens need at least 4 frames of sound, there are 3");
        assertThat(CtcAlignment.logLikelihood(emissions, new int[] {1, 2, 2}, BLANK))
                .isEqualTo(Double.NEGATIVE_INFINITY);
        for (int token : new int[] {-1, BLANK, 4}) {
            assertThatThrownBy(() -> CtcAlignment.align(emissions, new int[] {token}, BLANK))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("cannot be aligned");
        }
    }

    @Test
    void collapsing() {
        assertThat(Ctc.collapse(new int[] {0, 3, 3, 0, 3, 5, 5, 4, 0}, BLANK)).containsExactly(3, 3, 5, 4);
        assertThat(Ctc.collapse(new int[] {7, 7, 0, 0}, 7)).containsExactly(0);
        assertThat(Ctc.collapse(new int[0], BLANK)).isEmpty();
        var tied = new Emissions(1, 3, new float[] {-2, -1, -1});
        assertThat(Ctc.best(tied)).containsExactly(1);
    }

    /** Tokens by their text: pieces that begin with a mark begin words, special ones belong to none. */
    @Test
    void wordsHaveTimesAndConfidence() {
        var golden = LasrGolden.of("lasr-b");
        try (var open = new OpenAsr(OpenAsr.kinds().getLast(), WorkingFormat.EXACT, golden.folder())) {
            var tokenizer = open.model().tokenizer().orElseThrow();
            var config = open.model().config();
            int the = tokenizer.id("\u2581the").orElseThrow();
            int lung = tokenizer.id("\u2581lung").orElseThrow();
            int ing = tokenizer.id("ing").orElseThrow();
            int mark = tokenizer.id("\u2581").orElseThrow();
            int[] said = {0, the, the, 0, mark, lung, 0, ing, 2, 0};
            float[] logits = new float[said.length * config.vocabSize()];
            for (int i = 0; i < said.length; i++) {
                logits[i * config.vocabSize() + said[i]] = i + 4;
            }
            var emissions = emissions(config.vocabSize(), logits);
            var words = WordTimes.of(emissions, Ctc.greedy(emissions, 0), tokenizer, config);
            assertThat(words).extracting(WordTimes.Word::text).containsExactly("the", "lunging");
            var clock = config.clock();
            assertThat(clock).isEqualTo(new FrameClock(640, 1360));
            assertThat(words.getFirst().start()).isCloseTo(0.0425 + 0.5 * 0.04, Offset.offset(1e-9));
            assertThat(words.getFirst().end()).isCloseTo(0.0425 + 2.5 * 0.04, Offset.offset(1e-9));
            assertThat(words.getLast().start()).isCloseTo(0.0425 + 4.5 * 0.04, Offset.offset(1e-9));
            assertThat(words.getLast().end()).isCloseTo(0.0425 + 7.5 * 0.04, Offset.offset(1e-9));
            double mean = (Math.exp(emissions.at(1, the)) + Math.exp(emissions.at(2, the))) / 2;
            assertThat(words.getFirst().confidence()).isCloseTo(mean, Offset.offset(1e-9));
            assertThat(words.getLast().confidence()).isCloseTo(Math.exp(emissions.at(5, lung)), Offset.offset(1e-9));
        }
    }

    @Test
    void everySpanIsInOrder() {
        var golden = LasrGolden.of("lasr-b");
        try (var open = new OpenAsr(OpenAsr.kinds().getLast(), WorkingFormat.EXACT, golden.folder())) {
            var emissions = open.recogniser().emissions(TestSound.of(12, 50_000));
            int[] ids = Ctc.greedy(emissions, 0);
            var spans = CtcAlignment.align(emissions, ids, 0);
            assertThat(path(spans, emissions.frames())).isEqualTo(Ctc.best(emissions));
            var ends = new ArrayList<Integer>();
            spans.forEach(span -> ends.addAll(List.of(span.from(), span.to())));
            assertThat(ends).isSorted();
        }
    }
}
