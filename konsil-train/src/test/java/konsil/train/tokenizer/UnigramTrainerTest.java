package konsil.train.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konsil.tensor.BadInputException;
import konsil.text.Specials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnigramTrainerTest {
    private static final String MARK = "\u2581";

    @TempDir
    private Path folder;

    private static final List<ScoredText> PIECES = List.of(
            new ScoredText("a", Math.log(0.2)),
            new ScoredText("b", Math.log(0.1)),
            new ScoredText("ab", Math.log(0.3)),
            new ScoredText("ba", Math.log(0.15)),
            new ScoredText("aba", Math.log(0.25)));

    /** All ways to cut a word, by trying each. */
    private static void ways(String rest, List<String> so, List<List<String>> all) {
        if (rest.isEmpty()) all.add(List.copyOf(so));
        for (ScoredText piece : PIECES) {
            if (rest.startsWith(piece.text())) {
                var next = new ArrayList<>(so);
                next.add(piece.text());
                ways(rest.substring(piece.text().length()), next, all);
            }
        }
    }

    private static double probability(List<String> way) {
        double log = 0;
        for (String text : way) {
            log += PIECES.stream()
                    .filter(piece -> piece.text().equals(text))
                    .findFirst()
                    .orElseThrow()
                    .score();
        }
        return Math.exp(log);
    }

    @Test
    void expectationsAreThoseOfAllWays() {
        String word = "abaabab";
        List<List<String>> all = new ArrayList<>();
        ways(word, List.of(), all);
        double sum = all.stream().mapToDouble(UnigramTrainerTest::probability).sum();
        Map<String, Double> wanted = new TreeMap<>();
        for (var way : all) {
            for (String text : way) wanted.merge(text, 3 * probability(way) / sum, Double::sum);
        }
        double[] expected = new double[PIECES.size()];
        double log = new Lattice(PIECES).expect(word, 3, expected);
        assertThat(log).isCloseTo(Math.log(sum), within(1e-12));
        for (int i = 0; i < expected.length; i++) {
            assertThat(expected[i]).isCloseTo(wanted.get(PIECES.get(i).text()), within(1e-12));
        }
    }

    @Test
    void theBestWayIsTheLikeliestOfAll() {
        String word = "abaababbab";
        List<List<String>> all = new ArrayList<>();
        ways(word, List.of(), all);
        double best =
                all.stream().mapToDouble(UnigramTrainerTest::probability).max().orElseThrow();
        var way = new Lattice(PIECES)
                .best(word, -1).stream().map(piece -> PIECES.get(piece).text()).toList();
        assertThat(String.join("", way)).isEqualTo(word);
        assertThat(probability(way)).isCloseTo(best, within(1e-15));
        assertThat(new Lattice(PIECES).best("ab", 2)).containsExactly(0, 1);
        assertThat(new Lattice(PIECES).best("axb", -1)).containsExactly(0, -1, 1);
    }

    @Test
    void digammaHasItsKnownValues() {
        assertThat(UnigramTrainer.digamma(1)).isCloseTo(-0.5772156649015329, within(1e-10));
        assertThat(UnigramTrainer.digamma(0.5)).isCloseTo(-1.9635100260214235, within(1e-10));
        assertThat(UnigramTrainer.digamma(10)).isCloseTo(2.251752589066721, within(1e-10));
    }

    @Test
    void likelihoodOfThePiecesIsBetterThanThatOfCharacters() {
        var words = TestTexts.words(Words.Cutting.WHITE_SPACE, TestTexts.sentences(1, 200));
        var few = UnigramTrainer.train(words, TrainingSettings.of(100), 40);
        var more = UnigramTrainer.train(words, TrainingSettings.of(100), 70);
        assertThat(few).hasSize(40);
        assertThat(likelihood(words, more)).isGreaterThan(likelihood(words, few));
        var scores = more.stream().map(ScoredText::score).toList();
        assertThat(scores).isSortedAccordingTo((a, b) -> Double.compare(b, a)).allMatch(score -> score < 0);
    }

    private static double likelihood(Words words, List<ScoredText> pieces) {
        var lattice = new Lattice(pieces);
        double sum = 0;
        for (var word : words.counts().entrySet()) {
            sum += word.getValue() * lattice.expect(word.getKey(), 1, new double[pieces.size()]);
        }
        return sum;
    }

    @Test
    void everyTextComesBackWithSingleSpaces() throws Exception {
        var texts = TestTexts.sentences(2, 300);
        var words = TestTexts.words(Words.Cutting.WHITE_SPACE, texts);
        var trained = TrainedTokenizer.medAsr(words, TrainingSettings.of(90));
        var tokenizer = TestTexts.open(folder, trained);
        assertThat(tokenizer.size()).isEqualTo(90);
        for (String text : texts) {
            String back = tokenizer.decode(tokenizer.encode(text), Specials.KEEP);
            assertThat(back).isEqualTo(text.replaceAll("\\s+", " "));
        }
        assertThat(tokenizer.token(0)).isEqualTo("<epsilon>");
        assertThat(tokenizer.token(3)).isEqualTo("<unk>");
        assertThat(tokenizer.encode("\u00e5")).contains(3);
    }

    @Test
    void wordsToKeepAreOneToken() throws Exception {
        var settings = new TrainingSettings(90, 16, 1, List.of("{period}", "zebrafish"));
        var words = TestTexts.words(Words.Cutting.WHITE_SPACE, TestTexts.sentences(1, 50));
        var tokenizer = TestTexts.open(folder, TrainedTokenizer.medAsr(words, settings));
        assertThat(tokenizer.id(MARK + "zebrafish")).isPresent();
        assertThat(tokenizer.encode("{period}"))
                .containsExactly(tokenizer.id(MARK + "{period}").getAsInt());
    }

    @Test
    void sameTextsSameFileWhateverTheirOrder() {
        var texts = TestTexts.sentences(3, 60);
        var once = TrainedTokenizer.medAsr(TestTexts.words(Words.Cutting.WHITE_SPACE, texts), TrainingSettings.of(80));
        var again = TrainedTokenizer.medAsr(
                TestTexts.words(Words.Cutting.WHITE_SPACE, texts.reversed()), TrainingSettings.of(80));
        assertThat(again.tokenizer().write()).isEqualTo(once.tokenizer().write());
    }

    @Test
    void noTextsAndTooManyCharactersAreNoTrouble() throws Exception {
        var none = TrainedTokenizer.medAsr(new Words(Words.Cutting.WHITE_SPACE), TrainingSettings.of(16));
        assertThat(TestTexts.open(folder, none).size()).isEqualTo(16);
        var words = TestTexts.words(Words.Cutting.WHITE_SPACE, List.of("abcdefghijklmnopqrstuvwxyz"));
        assertThatThrownBy(() -> TrainedTokenizer.medAsr(words, TrainingSettings.of(16)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("size");
    }
}
