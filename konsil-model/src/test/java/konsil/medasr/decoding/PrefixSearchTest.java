package konsil.medasr.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.medasr.Emissions;
import konsil.medasr.lm.LmGolden;
import konsil.medasr.lm.NGramModel;
import org.junit.jupiter.api.Test;

final class PrefixSearchTest {
    private static final Pieces PIECES =
            new Pieces(List.of("<epsilon>", "<s>", "</s>", "<unk>", "\u2581no", "\u2581effusion", "s"));
    private static final List<Integer> SPECIAL = List.of(1, 2, 3);
    private static final BeamSettings EVERYTHING =
            new BeamSettings(1024, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
    private static final Terms TERMS = Terms.of(
            PIECES,
            List.of(Term.of("effusions"), new Term("no", 2, "effusion no")),
            (text, atStart) -> switch ((atStart ? "\u2581" : "") + text) {
                case "\u2581effusions" -> new int[] {5, 6};
                case "\u2581no" -> new int[] {4};
                case "\u2581effusion no" -> new int[] {5, 4};
                default -> new int[] {Pieces.UNKNOWN};
            },
            1.25);

    private static final String TWO_WAYS = """
            \\data\\
            ngram 1=5
            ngram 2=5

            \\1-grams:
            -30 <s> 0
            0 </s>
            -30 #no 0
            -30 #effusion 0
            -30 s 0

            \\2-grams:
            0 <s> #no
            0 <s> s
            0 #no #effusion
            0 #effusion #no
            0 s s

            \\end\\
            """;

    /** The share of the language model, word by word. */
    private static double lm(NGramModel model, int[] ids) {
        double sum = 0;
        var state = model.start();
        for (int id : ids) {
            String word = PIECES.texts().get(id).replace('\u2581', '#');
            var scored = model.score(state, model.wordId(word));
            boolean unknown = model.wordId(word) == NGramModel.UNKNOWN;
            boolean end = id == Pieces.END;
            sum += 0.5 * Math.log(10) * (scored.log10() + (unknown ? -10 : 0)) + (end ? 0 : 1.5);
            state = end ? model.start() : scored.next();
        }
        boolean ended = ids.length > 0 && ids[ids.length - 1] == Pieces.END;
        return sum
                + (ended
                        ? 0
                        : 0.5 * Math.log(10) * model.score(state, model.end()).log10());
    }

    /** Looks at every place for every spelling. */
    private static double terms(int[] ids) {
        double sum = 0;
        for (int i = 0; i < ids.length; i++) {
            boolean open = i + 1 == ids.length || ids[i + 1] != 6;
            sum += ids[i] == 6 && i > 0 && ids[i - 1] == 5 && open ? 2 * 1.25 : 0;
            boolean spoken = ids[i] == 4 && i > 0 && ids[i - 1] == 5;
            sum += ids[i] == 4 && open ? (spoken ? 4 : 2) * 1.25 : 0;
        }
        return sum;
    }

    private static void checkAll(Emissions e, Decoder decoder, NGramModel model) {
        var expected = BruteForce.all(e);
        var found = decoder.decode(e, Integer.MAX_VALUE);
        assertThat(found).hasSameSizeAs(expected.keySet());
        for (var hypothesis : found) {
            int[] ids = hypothesis.tokens().ids();
            var truth = expected.get(BruteForce.boxed(ids));
            assertThat(truth).as(hypothesis.toString()).isNotNull();
            assertThat(hypothesis.ctc()).isCloseTo(truth.ctc(), within(1e-9));
            assertThat(hypothesis.lm()).isCloseTo(lm(model, ids), within(1e-5));
            assertThat(hypothesis.terms()).as(hypothesis.toString()).isCloseTo(terms(ids), within(1e-9));
            assertThat(hypothesis.tokens()).isEqualTo(truth.run());
        }
        assertThat(found).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
    }

    /** With nothing pruned, the search is exact: every sequence, with the sum over all ways to hear it. */
    @Test
    void equalsTheSumOverAllAlignments() throws IOException {
        var random = new Random(11);
        try (var model = NGramModel.open(LmGolden.path("four.kenlm"))) {
            var decoder = new Decoder.Beam(Fusion.of(PIECES, model, LmWeights.DEFAULT), TERMS, EVERYTHING);
            for (int round = 0; round < 4; round++) {
                checkAll(BruteForce.emissions(random, 3, PIECES.size(), 1.5, List.of()), decoder, model);
                checkAll(BruteForce.emissions(random, 6, PIECES.size(), 1.5, SPECIAL), decoder, model);
            }
            checkAll(BruteForce.emissions(random, 0, PIECES.size(), 1, SPECIAL), decoder, model);
        }
    }

    /** A narrow beam may miss the best, but says of nothing that it is more likely than it is. */
    @Test
    void neverMoreThanTheTruth() {
        var random = new Random(12);
        int hits = 0;
        for (int round = 0; round < 100; round++) {
            var e = BruteForce.emissions(random, 5, PIECES.size(), 2, SPECIAL);
            var truth = BruteForce.all(e);
            var best = new Decoder.Beam(Fusion.without(PIECES), TERMS, BeamSettings.DEFAULT.withWidth(4)).decode(e, 1);
            double bound =
                    truth.get(BruteForce.boxed(best.getFirst().tokens().ids())).ctc();
            assertThat(best.getFirst().ctc()).isLessThanOrEqualTo(bound + 1e-9);
            double top = truth.entrySet().stream()
                    .mapToDouble(entry -> entry.getValue().ctc()
                            + terms(entry.getKey().stream().mapToInt(id -> id).toArray()))
                    .max()
                    .orElseThrow();
            hits += top - bound - terms(best.getFirst().tokens().ids()) < 1e-9 ? 1 : 0;
        }
        assertThat(hits).isGreaterThan(85);
    }

    @Test
    void theEndOfASentenceIsPaidOnce() throws IOException {
        try (var model = NGramModel.open(LmGolden.path("three.arpa"))) {
            var fusion = Fusion.of(PIECES, model, LmWeights.DEFAULT);
            var no = fusion.then(fusion.start(), 4);
            var ended = fusion.then(no, Pieces.END);
            assertThat(ended.score()).isEqualTo(no.score() + fusion.end(no));
            assertThat(ended.state()).isEqualTo(fusion.start().state());
            assertThat(fusion.known()).isEqualTo(3);
        }
    }

    private static Emissions frames(Emissions all, int from, int to) {
        int tokens = all.tokens();
        return new Emissions(to - from, tokens, Arrays.copyOfRange(all.logProbabilities(), from * tokens, to * tokens));
    }

    /** Blocks of any size, with or without taking what is stable, give the same tokens and frames. */
    @Test
    void blocksChangeNothing() throws IOException {
        var random = new Random(13);
        try (var model = NGramModel.open(LmGolden.path("pruned.kenlm"))) {
            var decoder = new Decoder.Beam(Fusion.of(PIECES, model, LmWeights.DEFAULT), TERMS, BeamSettings.DEFAULT);
            for (int round = 0; round < 5; round++) {
                var e = BruteForce.emissions(random, 400, PIECES.size(), 5, SPECIAL);
                var whole = decoder.decode(e, 1).getFirst();
                var search = decoder.start();
                var taken = TokenRun.EMPTY;
                for (int from = 0; from < 400; ) {
                    int to = Math.min(400, from + random.nextInt(1, 60));
                    search.push(frames(e, from, to));
                    var partial = search.partial();
                    assertThat(search.finish(1).getFirst().tokens().length())
                            .isGreaterThanOrEqualTo(partial.stable().length());
                    taken = taken.then(search.take());
                    from = to;
                }
                assertThat(taken.length()).isGreaterThan(whole.tokens().length() / 2);
                assertThat(taken.then(search.finish(1).getFirst().tokens())).isEqualTo(whole.tokens());
                assertThat(search.finish(1).getFirst().score()).isCloseTo(whole.score(), within(1e-9));
            }
        }
    }

    /** An hour of speech: what may still change stays a few tokens long. */
    @Test
    void memoryOfAnHour() {
        var search = (PrefixSearch) new Decoder.Beam(PIECES).start();
        var e = BruteForce.emissions(new Random(14), 1000, PIECES.size(), 4, SPECIAL);
        long tokens = 0;
        for (int block = 0; block < 90; block++) {
            search.push(e);
            tokens += search.take().length();
            assertThat(search.partial().tail().length()).isLessThan(100);
            assertThat(search.nodes()).isLessThan(1000);
        }
        assertThat(tokens).isGreaterThan(20_000);
    }

    /** Two ways to hear everything, equally good and never alike: one is given up when it becomes long. */
    @Test
    void whatStaysUndecidedIsDecided() throws IOException {
        var p = new float[2 * PIECES.size()];
        Arrays.fill(p, -40);
        p[4] = p[6] =
                p[PIECES.size()] = p[PIECES.size() + 5] = (float) Math.log(0.5); // no or s, then blank or effusion
        try (var model = LmGolden.read(TWO_WAYS)) {
            var search = (PrefixSearch) new Decoder.Beam(
                            Fusion.of(PIECES, model, new LmWeights(1, 0, -10)),
                            Terms.none(PIECES),
                            BeamSettings.DEFAULT)
                    .start();
            for (int i = 0; i < 400; i++) {
                search.push(new Emissions(2, PIECES.size(), p));
                assertThat(search.nodes()).isLessThan(400);
            }
            var said = search.finish(8);
            assertThat(said).hasSize(1);
            assertThat(said.getFirst().tokens().length()).isIn(400, 800);
            assertThat(search.partial().stable().length()).isGreaterThan(250);
        }
    }

    @Test
    void otherTokensOrNone() {
        var decoder = new Decoder.Beam(PIECES);
        assertThatThrownBy(() -> decoder.decode(new Emissions(1, 2, new float[2]), 1))
                .hasMessage("emissions of 2 tokens, the decoder knows 7");
        var none = new float[7];
        Arrays.fill(none, Float.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> decoder.decode(new Emissions(1, 7, none), 1)).hasMessageContaining("frame 0");
        assertThat(decoder.decode(new Emissions(0, 7, new float[0]), 3)).hasSize(1);
    }

    @Test
    void greedyIsTheBestPath() {
        var random = new Random(15);
        for (int round = 0; round < 10; round++) {
            var e = BruteForce.emissions(random, 6, PIECES.size(), 2, SPECIAL);
            var greedy = new Decoder.Greedy(PIECES).decode(e, 1).getFirst();
            var best = BruteForce.all(e).values().stream()
                    .max((a, b) -> Double.compare(a.best(), b.best()))
                    .orElseThrow();
            assertThat(greedy.tokens()).isEqualTo(best.run());
            assertThat(greedy.score()).isCloseTo(best.best(), within(1e-9));
            var search = new Decoder.Greedy(PIECES).start();
            var taken = TokenRun.EMPTY;
            for (int frame = 0; frame < 6; frame++) {
                search.push(frames(e, frame, frame + 1));
                taken = taken.then(search.take());
            }
            assertThat(taken.then(search.finish(1).getFirst().tokens())).isEqualTo(best.run());
        }
    }
}
