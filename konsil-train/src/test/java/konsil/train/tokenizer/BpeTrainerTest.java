package konsil.train.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import konsil.tensor.BadInputException;
import konsil.text.ChatTemplate;
import konsil.text.Specials;
import konsil.text.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BpeTrainerTest {
    private static final String MARK = "\u2581";

    @TempDir
    private Path folder;

    private static Bpe train(int room, TrainingSettings settings, String... texts) {
        return BpeTrainer.train(TestTexts.words(Words.Cutting.SPACES, List.of(texts)), settings, room);
    }

    /** "low" five times, "lower" twice, "newest" six times, "widest" thrice: the example of the paper. */
    private static final String[] PAPER = {
        "low low low low low lower lower newest newest newest newest newest newest" + " widest widest widest"
    };

    @Test
    void theExampleOfThePaperIsMergedAsThere() {
        var found = train(16, TrainingSettings.of(300), PAPER);
        assertThat(found.merges().subList(0, 4))
                .containsExactly(new Merge("e", "s"), new Merge("es", "t"), new Merge("l", "o"), new Merge("lo", "w"));
    }

    /** Counts all pairs anew before each merge, which needs no bookkeeping that could be wrong. */
    @Test
    void bookkeepingEqualsCountingAnew() {
        var texts = TestTexts.sentences(5, 80);
        var words = TestTexts.words(Words.Cutting.SPACES, texts);
        var fast = BpeTrainer.train(words, TrainingSettings.of(300), 70);
        assertThat(fast.merges())
                .hasSizeGreaterThan(30)
                .isEqualTo(slowly(words.counts(), fast.merges().size()));
    }

    private static List<Merge> slowly(Map<String, Long> words, int count) {
        Map<List<String>, Long> cut = new HashMap<>();
        words.forEach((word, times) ->
                cut.put(word.codePoints().mapToObj(Character::toString).toList(), times));
        var merges = new ArrayList<Merge>();
        while (merges.size() < count) {
            var pairs = new HashMap<Merge, Long>();
            cut.forEach((pieces, times) -> {
                for (int i = 0; i + 1 < pieces.size(); i++) {
                    var pair = new Merge(pieces.get(i), pieces.get(i + 1));
                    if (fits(pair.joined())) pairs.merge(pair, times, Long::sum);
                }
            });
            var best = pairs.entrySet().stream().min(BpeTrainerTest::order).orElseThrow();
            merges.add(best.getKey());
            var next = new HashMap<List<String>, Long>();
            cut.forEach((pieces, times) -> next.put(merged(pieces, best.getKey()), times));
            cut.clear();
            cut.putAll(next);
        }
        return merges;
    }

    private static boolean fits(String joined) {
        boolean word = joined.indexOf(MARK, 1) < 0 && !joined.matches(".*\\d.*");
        return joined.length() <= 16 && (word || joined.replace(MARK, "").isEmpty());
    }

    private static int order(Map.Entry<Merge, Long> a, Map.Entry<Merge, Long> b) {
        int order = Long.compare(b.getValue(), a.getValue());
        String left = a.getKey().joined();
        String right = b.getKey().joined();
        if (order == 0) order = Integer.compare(left.length(), right.length());
        if (order == 0) order = left.compareTo(right);
        return order == 0 ? a.getKey().left().compareTo(b.getKey().left()) : order;
    }

    private static List<String> merged(List<String> pieces, Merge merge) {
        var all = new ArrayList<>(pieces);
        for (int i = 0; i + 1 < all.size(); i++) {
            if (all.get(i).equals(merge.left()) && all.get(i + 1).equals(merge.right())) {
                all.set(i, merge.joined());
                all.remove(i + 1);
            }
        }
        return all;
    }

    @Test
    void digitsStayAloneAndSpacesStandInFront() {
        var found = train(60, TrainingSettings.of(400), "a 12 12 12 12   mg1 mg1 mg1   b b   b");
        assertThat(found.pieces())
                .allMatch(piece -> piece.length() == 1 || !piece.matches(".*\\d.*"))
                .allMatch(piece ->
                        piece.lastIndexOf(MARK) <= 0 || piece.replace(MARK, "").isEmpty())
                .contains(MARK + "mg", MARK + MARK);
    }

    @Test
    void wordsToKeepAreOneToken() throws Exception {
        var settings = new TrainingSettings(330, 16, 1, List.of("{period}", "rare"));
        var words = TestTexts.words(Words.Cutting.SPACES, TestTexts.sentences(1, 20));
        var tokenizer = TestTexts.open(folder, TrainedTokenizer.gemma(words, settings));
        assertThat(tokenizer.encode(" {period} rare")).hasSize(2);
    }

    @Test
    void everyTextComesBack() throws Exception {
        var texts = TestTexts.sentences(2, 300);
        var trained = TrainedTokenizer.gemma(TestTexts.words(Words.Cutting.SPACES, texts), TrainingSettings.of(360));
        var tokenizer = TestTexts.open(folder, trained);
        assertThat(tokenizer.size()).isEqualTo(360);
        int characters = 0;
        int tokens = 0;
        for (String text : texts) {
            int[] ids = tokenizer.encode(text);
            assertThat(tokenizer.decode(ids, Specials.KEEP)).isEqualTo(text);
            characters += text.length();
            tokens += ids.length;
        }
        assertThat((double) characters / tokens).isGreaterThan(2);
        String unseen = "\u00c5ngstr\u00f6m \uD83E\uDEC0\t   x";
        assertThat(tokenizer.decode(tokenizer.encode(unseen), Specials.KEEP)).isEqualTo(unseen);
    }

    @Test
    void aPromptHasTheTokensThatMedGemmaNeeds() throws Exception {
        var words = TestTexts.words(Words.Cutting.SPACES, List.of("user user model model"));
        var tokenizer = TestTexts.open(folder, TrainedTokenizer.gemma(words, TrainingSettings.of(300)));
        String prompt = ChatTemplate.text(ChatTemplate.prompt(List.of(Turn.of(Turn.USER, "Hm\n\n\n\n?"))));
        int[] ids = tokenizer.encode(prompt);
        assertThat(ids[0]).isEqualTo(tokenizer.id("<bos>").getAsInt()).isEqualTo(2);
        assertThat(ids[1]).isEqualTo(tokenizer.id("<start_of_turn>").getAsInt());
        assertThat(ids)
                .contains(
                        tokenizer.id("\n\n\n\n").getAsInt(),
                        tokenizer.id("<end_of_turn>").getAsInt());
        assertThat(tokenizer.special(tokenizer.id("<image_soft_token>").getAsInt()))
                .isTrue();
        assertThat(tokenizer.special(tokenizer.id("<unused95>").getAsInt())).isFalse();
        assertThat(tokenizer.decode(ids, Specials.KEEP)).isEqualTo(prompt);
    }

    @Test
    void sameTextsSameFileWhateverTheirOrder() {
        var texts = TestTexts.sentences(3, 60);
        var once = TrainedTokenizer.gemma(TestTexts.words(Words.Cutting.SPACES, texts), TrainingSettings.of(350));
        var again = TrainedTokenizer.gemma(
                TestTexts.words(Words.Cutting.SPACES, texts.reversed()), TrainingSettings.of(350));
        assertThat(again.tokenizer().write()).isEqualTo(once.tokenizer().write());
    }

    @Test
    void whatTheTextsDoNotFillIsUnused() {
        var words = TestTexts.words(Words.Cutting.SPACES, List.of("ab"));
        var trained = TrainedTokenizer.gemma(words, TrainingSettings.of(320));
        assertThat(trained.size()).isEqualTo(320);
        assertThat(trained.filled()).isPositive();
    }

    @Test
    void tooSmallASizeIsRefused() {
        var words = TestTexts.words(Words.Cutting.SPACES, List.of("abc"));
        assertThatThrownBy(() -> TrainedTokenizer.gemma(words, TrainingSettings.of(279)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("size");
        assertThatThrownBy(() -> TrainedTokenizer.gemma(words, TrainingSettings.of(100)))
                .isInstanceOf(BadInputException.class);
    }

    @Test
    void rareCharactersBecomeBytes() throws Exception {
        var settings = new TrainingSettings(300, 16, 0.9, List.of());
        var words = TestTexts.words(Words.Cutting.SPACES, List.of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00df"));
        var tokenizer = TestTexts.open(folder, TrainedTokenizer.gemma(words, settings));
        assertThat(tokenizer.encode("\u00df")).hasSize(2);
        assertThat(tokenizer.decode(tokenizer.encode("\u00df"), Specials.KEEP)).isEqualTo("\u00df");
    }
}
