package konsil.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import konsil.medasr.CtcAlignment;
import konsil.medasr.Emissions;
import konsil.medasr.FrameClock;
import konsil.medasr.WordTimes;
import konsil.medasr.decoding.Decoder;
import konsil.medasr.decoding.Pieces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Emissions to tokens with times, piece by piece. */
final class ListeningTest {
    private static final FrameClock CLOCK = new FrameClock(640, 2320);
    private static final Pieces PIECES =
            new Pieces(List.of("<b>", "<s>", "</s>", "<unk>", "\u2581a", "\u2581b", "c", "d"));

    /** Half an hour, most frames blank, one token likely in each of the others. */
    private static Emissions emissions(long seed, int frames) {
        var random = new Random(seed);
        float[] values = new float[frames * PIECES.size()];
        int token = 0;
        for (int frame = 0; frame < frames; frame++) {
            token = random.nextInt(3) > 0 ? token : random.nextInt(4) > 0 ? 0 : 2 + random.nextInt(6);
            double sum = 0;
            for (int i = 0; i < PIECES.size(); i++) {
                double p = i == token ? 20 + random.nextDouble() : random.nextDouble();
                values[frame * PIECES.size() + i] = (float) p;
                sum += p;
            }
            for (int i = 0; i < PIECES.size(); i++) {
                int at = frame * PIECES.size() + i;
                values[at] = (float) Math.log(values[at] / sum);
            }
        }
        return new Emissions(frames, PIECES.size(), values);
    }

    private static List<HeardToken> heard(Decoder decoder, Emissions all, int block, List<Integer> settled) {
        var listening = new Listening(decoder.start(), CLOCK, PIECES);
        for (int at = 0; at < all.frames(); at += block) {
            listening.accept(all.slice(at, Math.min(all.frames(), at + block)));
            settled.add(listening.stable().length);
        }
        return listening.finish(1).tokens();
    }

    @Test
    void stretchesAreAlignedAsTheWhole() {
        var all = emissions(1, 20_000);
        var tokens = heard(new Decoder.Greedy(PIECES), all, 250, new ArrayList<>());
        int[] ids = tokens.stream().mapToInt(HeardToken::id).toArray();
        var spans = CtcAlignment.align(all, ids, Pieces.BLANK);
        assertThat(ids.length).isGreaterThan(1000);
        for (int i = 0; i < ids.length; i++) {
            assertThat(tokens.get(i).start())
                    .isEqualTo(Math.max(0, CLOCK.seconds(spans.get(i).from() - 0.5)));
            assertThat(tokens.get(i).end()).isEqualTo(CLOCK.seconds(spans.get(i).to() - 0.5));
            assertThat(tokens.get(i).confidence()).isEqualTo(WordTimes.confidence(all, spans.get(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 37, 5000})
    void blocksDoNotMatter(int block) {
        var all = emissions(2, 4000);
        var decoder = new Decoder.Beam(PIECES);
        var settled = new ArrayList<Integer>();
        assertThat(heard(decoder, all, block, settled)).isEqualTo(heard(decoder, all, 250, new ArrayList<>()));
        assertThat(settled).isSorted();
    }

    @Test
    void alternativesAreWholeTexts() {
        var all = emissions(3, 3000);
        var listening = new Listening(new Decoder.Beam(PIECES).start(true), CLOCK, PIECES);
        listening.accept(all);
        var heard = listening.finish(4);
        assertThat(heard.alternatives()).hasSize(4);
        assertThat(heard.alternatives().getFirst().ids())
                .isEqualTo(heard.tokens().stream().mapToInt(HeardToken::id).toArray());
        for (var other : heard.alternatives()) {
            assertThat(other.ids().length).isGreaterThan(heard.tokens().size() - 10);
        }
    }

    /** What was settled stays: the rest goes on from it, in every kind of search. */
    @Test
    void settledTokensAreTheBeginningOfTheEnd() {
        var all = emissions(4, 1500);
        for (var decoder : List.of(new Decoder.Greedy(PIECES), new Decoder.Beam(PIECES))) {
            var listening = new Listening(decoder.start(), CLOCK, PIECES);
            var seen = new ArrayList<int[]>();
            for (int at = 0; at < all.frames(); at += 10) {
                listening.accept(all.slice(at, at + 10));
                listening.settle(at - 10);
                seen.add(listening.stable());
            }
            var tokens = listening.finish(1).tokens();
            for (int[] ids : seen) {
                assertThat(IntStream.range(0, ids.length).map(i -> tokens.get(i).id()))
                        .containsExactly(IntStream.of(ids).boxed().toArray(Integer[]::new));
            }
            int last = seen.getLast().length;
            assertThat(tokens.get(last - 1).end()).isGreaterThan(CLOCK.seconds(all.frames() - 60));
        }
    }
}
