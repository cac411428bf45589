package konsil.medasr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import konsil.tensor.BadInputException;
import konsil.text.Specials;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of sound. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LongAudioTest {
    private static final LasrGolden GOLDEN = LasrGolden.of("lasr-b");

    private OpenAsr open;

    @BeforeAll
    void load() {
        open = new OpenAsr(OpenAsr.kinds().getLast(), WorkingFormat.EXACT, GOLDEN.folder());
    }

    @AfterAll
    void close() {
        open.close();
    }

    /** Argmax and text as AutomaticSpeechRecognitionPipeline gives them for the same chunks. */
    @ParameterizedTest
    @ValueSource(strings = {"chunked", "tail"})
    void chunksAreThoseOfTheReference(String name) {
        var c = GOLDEN.named(name);
        int frames = (int) Math.round(c.real("chunk_seconds") / 0.04);
        int stride = (int) Math.round(c.real("stride_seconds") / 0.04);
        var emissions = LongAudio.of(
                open.recogniser(),
                new Windowing.Chunked(frames, stride),
                GOLDEN.samples(c).orElseThrow());
        assertThat(Ctc.best(emissions)).isEqualTo(c.ids("chunked"));
        assertThat(emissions.frames()).isEqualTo(c.ids("whole").length);
        int[] ids = Ctc.greedy(emissions, open.model().config().blank());
        assertThat(open.model().tokenizer().orElseThrow().decode(ids, Specials.KEEP))
                .isEqualTo(c.text("chunk_text"));
    }

    /** Or the test above could not tell chunks from the whole. */
    @Test
    void chunksDifferFromTheWhole() {
        float[] sound = TestSound.of(3, 60_000);
        var whole = open.recogniser().emissions(sound);
        var chunked = LongAudio.of(open.recogniser(), new Windowing.Chunked(40, 10), sound);
        assertThat(chunked.frames()).isEqualTo(whole.frames());
        assertThat(chunked.logProbabilities()).isNotEqualTo(whole.logProbabilities());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 399, 1_359, 1_360, 1_999, 2_000, 30_000, 64_000})
    void oneWindowIsTheWhole(int count) {
        float[] sound = TestSound.of(4, count);
        float[] whole = open.recogniser().emissions(sound).logProbabilities();
        var one = new Windowing.Blended(99, 40);
        assertThat(one.frames()).isGreaterThanOrEqualTo(whole.length / 61);
        assertThat(LongAudio.of(open.recogniser(), one, sound).logProbabilities())
                .isEqualTo(whole);
        assertThat(LongAudio.of(open.recogniser(), new Windowing.Whole(200), sound)
                        .logProbabilities())
                .isEqualTo(whole);
        assertThat(LongAudio.of(open.recogniser(), new Windowing.Chunked(101, 10), sound)
                        .logProbabilities())
                .isEqualTo(whole);
        assertThat(LongAudio.of(open.recogniser(), Windowing.DEFAULT, sound).logProbabilities())
                .isEqualTo(whole);
    }

    /** Every frame is there once, and is the weighted mean of what the windows over it say. */
    @Test
    void blendingIsTheWeightedMean() {
        float[] sound = TestSound.of(9, 100_000);
        int frames = 60;
        int hop = 25;
        var clock = open.model().config().clock();
        int all = clock.frames(sound.length);
        int tokens = open.model().config().vocabSize();
        var sums = new double[all][tokens];
        var weights = new double[all];
        var starts = new ArrayList<Integer>();
        for (int start = 0; start + frames <= all; start += hop) {
            starts.add(start);
        }
        assertThat(starts.getLast() + frames).isLessThan(all);
        starts.add(all - frames);
        for (int start : starts) {
            int from = start * clock.step();
            var window =
                    open.recogniser().emissions(Arrays.copyOfRange(sound, from, from + (int) clock.samples(frames)));
            for (int i = 0; i < frames; i++) {
                double weight = 0.54 - 0.46 * Math.cos(2 * Math.PI * i / (frames - 1));
                weights[start + i] += weight;
                for (int token = 0; token < tokens; token++) {
                    sums[start + i][token] += weight * Math.exp(window.at(i, token));
                }
            }
        }
        var blended = LongAudio.of(open.recogniser(), new Windowing.Blended(frames, hop), sound);
        assertThat(blended.frames()).isEqualTo(all);
        for (int i = 0; i < all; i++) {
            double sum = 0;
            for (int token = 0; token < tokens; token++) {
                sum += Math.exp(blended.at(i, token));
                assertThat((double) blended.at(i, token))
                        .isCloseTo(Math.log(sums[i][token] / weights[i]), Offset.offset(1e-5));
            }
            assertThat(sum).isCloseTo(1, Offset.offset(1e-5));
        }
    }

    /** The pieces in which sound comes change nothing, and frames come out before its end. */
    @Test
    void piecesOfSoundChangeNothing() {
        float[] sound = TestSound.of(10, 120_000);
        var random = new Random(3);
        for (var windowing : new Windowing[] {
            new Windowing.Chunked(50, 5),
            new Windowing.Blended(50, 20),
            new Windowing.Blended(30, 30),
            new Windowing.Whole(500),
            new Windowing.Fitting(100, new Windowing.Blended(50, 20)),
            new Windowing.Fitting(500, new Windowing.Blended(50, 20))
        }) {
            var wanted = LongAudio.of(open.recogniser(), windowing, sound);
            assertThat(wanted.frames()).isEqualTo(open.model().config().clock().frames(sound.length));
            var joined = new EmissionsJoiner(open.model().config().vocabSize());
            var audio = new LongAudio(open.recogniser(), windowing, joined);
            for (int at = 0; at < sound.length; ) {
                int next = Math.min(sound.length, at + random.nextInt(9_000));
                audio.accept(Arrays.copyOfRange(sound, at, next));
                at = next;
            }
            boolean whole = windowing instanceof Windowing.Whole
                    || windowing instanceof Windowing.Fitting(int most, var _) && most == 500;
            assertThat(joined.emissions().frames() > 0).isEqualTo(!whole);
            audio.finish();
            audio.finish();
            assertThat(joined.emissions().logProbabilities()).isEqualTo(wanted.logProbabilities());
        }
    }

    @Test
    void refusesWhatItCannotTake() {
        var recogniser = open.recogniser();
        float[] tooLong = new float[80_000];
        assertThatThrownBy(() -> LongAudio.of(recogniser, new Windowing.Whole(100), tooLong))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("longer than the 4 s");
        float[] broken = {0, Float.NaN};
        assertThatThrownBy(() -> LongAudio.of(recogniser, Windowing.DEFAULT, broken))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("sample 1 is NaN");
        assertThatThrownBy(() -> new Windowing.Chunked(20, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Windowing.Blended(20, 21)).isInstanceOf(IllegalArgumentException.class);
        try (var small = new Recogniser(open.model(), 1 << 20)) {
            assertThatThrownBy(() -> small.emissions(tooLong))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("working memory");
        }
    }
}
