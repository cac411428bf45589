package konsil.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import konsil.tensor.BadInputException;
import konsil.text.ScoredPiece.Kind;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenizerTest {
    private static final Path FILE = Path.of("pieces");

    @Test
    void newlinesOfARunAreOneTokenUpToTheLongest() throws IOException {
        var tokenizer = TextGolden.gemma();
        int one = tokenizer.id("\n").orElseThrow();
        for (int count = 1; count <= 8; count++) {
            assertThat(tokenizer.encode("\n".repeat(count))).containsExactly(one + count - 1);
        }
        assertThat(tokenizer.encode("\n".repeat(19))).containsExactly(one + 7, one + 7, one + 2);
    }

    @Test
    void addedTokensAreCutOutFirst() throws IOException {
        var tokenizer = TextGolden.gemma();
        int turn = tokenizer.id("<start_of_turn>").orElseThrow();
        assertThat(tokenizer.encode("<start_of_turn><start_of_turn>")).containsExactly(turn, turn);
        assertThat(tokenizer.encode("a<start_of_turn>").length).isEqualTo(tokenizer.count("a") + 1);
        assertThat(tokenizer.encode("<start_of_turn")).doesNotContain(turn);
        assertThat(tokenizer.special(turn)).isTrue();
        assertThat(tokenizer.special(tokenizer.id("\n").orElseThrow())).isFalse();
        assertThat(tokenizer.addedIds()).contains(turn, tokenizer.id("\n").orElseThrow());
    }

    @Test
    void loneSurrogatesAreReplaced() throws IOException {
        var tokenizer = TextGolden.gemma();
        int[] replaced = tokenizer.encode("a\uFFFDb\uFFFD\uFFFD");
        assertThat(tokenizer.encode("a\uD83Eb\uDEC0\uD83E")).isEqualTo(replaced);
        assertThat(tokenizer.decode(replaced, Specials.KEEP)).isEqualTo("a\uFFFDb\uFFFD\uFFFD");
    }

    @Test
    void aCharacterOfFourByteTokensIsShownWhole() throws IOException {
        var tokenizer = TextGolden.gemma();
        int[] heart = tokenizer.encode("\uD83E\uDEC0");
        assertThat(heart).hasSize(4);
        var stream = tokenizer.stream(Specials.KEEP);
        for (int id : heart) {
            assertThat(stream.accept(id)).isEmpty();
        }
        assertThat(stream.accept(tokenizer.encode("a")[0])).isEqualTo("\uD83E\uDEC0a");
        stream.accept(heart[0]);
        assertThat(stream.finish()).isEqualTo("\uFFFD");
        assertThat(stream.finish()).isEmpty();
    }

    @Test
    void nothingIsNothing() throws IOException {
        var tokenizer = TextGolden.gemma();
        assertThat(tokenizer.encode("")).isEmpty();
        assertThat(tokenizer.decode(new int[0], Specials.KEEP)).isEmpty();
        assertThat(tokenizer.id("no such token")).isEmpty();
    }

    @Test
    void idsOutsideTheVocabularyAreOurFault() throws IOException {
        var tokenizer = TextGolden.gemma();
        assertThat(tokenizer.size()).isEqualTo(1024);
        for (int id : new int[] {-1, 1024}) {
            assertThatThrownBy(() -> tokenizer.decode(new int[] {id}, Specials.KEEP))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("want a token id of 0..1023, got " + id);
        }
    }

    /** A quadratic loop over a million characters would take hours. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "e", " ", "\n", "er", "\u2581<", "<unused9", "\uE000", "\uD83E\uDEC0", "\uD83E", "> "})
    void aMillionCharactersOfAnyKindTakeAMoment(String unit) throws IOException {
        var tokenizer = TextGolden.gemma();
        String text = unit.repeat((1 << 20) / unit.length());
        int[] ids = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> tokenizer.encode(text));
        String valid = text.replace("\uD83E\uDEC0", "heart")
                .replace('\uD83E', '\uFFFD')
                .replace("heart", "\uD83E\uDEC0");
        assertThat(tokenizer.decode(ids, Specials.KEEP).equals(valid.replace(Tokenizer.SPACE_MARK, ' ')))
                .isTrue();
    }

    @Test
    void aTextBeyondTheLimitIsRefused() throws IOException {
        var tokenizer = TextGolden.gemma();
        String text = "a".repeat(Tokenizer.MAX_TEXT + 1);
        assertThatThrownBy(() -> tokenizer.count(text))
                .isInstanceOf(BadInputException.class)
                .hasMessage("a text has 67108865 characters, at most 67108864 can be turned into tokens at once");
    }

    @Test
    void scoresDecideAndOfEqualOnesTheLeftmost() {
        var tokenizer = TokenizerFiles.ofPieces(
                FILE,
                List.of(
                        piece("a", 0),
                        piece("b", 0),
                        piece("\u2581", 0),
                        piece("ab", -1),
                        piece("ba", -1),
                        piece("b\u2581", -2),
                        piece("ab\u2581", -3),
                        piece("\u2581a", -4)),
                false);
        assertThat(words(tokenizer, "aba")).containsExactly("ab", "a");
        assertThat(words(tokenizer, "bab")).containsExactly("ba", "b");
        assertThat(words(tokenizer, "ab ab")).containsExactly("ab\u2581", "ab");
        assertThat(words(tokenizer, "a a")).containsExactly("a", "\u2581a");
        assertThat(words(tokenizer, "acb")).containsExactly("ab");
    }

    @Test
    void userDefinedPiecesAreNeverMerged() {
        var tokenizer = TokenizerFiles.ofPieces(
                FILE,
                List.of(
                        piece("<unk>", 0, Kind.UNKNOWN),
                        piece("a", 0),
                        piece("\u2581", 0),
                        piece("\u2581\u2581", 0, Kind.USER_DEFINED),
                        piece("\u2581a", -1),
                        piece("<s>", 0, Kind.CONTROL)),
                false);
        assertThat(words(tokenizer, " a  a   a"))
                .containsExactly("\u2581a", "\u2581\u2581", "a", "\u2581\u2581", "\u2581a");
        assertThat(words(tokenizer, "a<s>??<unk>a")).containsExactly("a", "<s>", "<unk>", "<unk>", "a");
        assertThat(tokenizer.decode(tokenizer.encode("a<s> a"), Specials.SKIP)).isEqualTo("a a");
    }

    private static ScoredPiece piece(String text, float score) {
        return piece(text, score, Kind.NORMAL);
    }

    private static ScoredPiece piece(String text, float score, Kind kind) {
        return new ScoredPiece(text, score, kind);
    }

    private static List<String> words(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToObj(tokenizer::token).toList();
    }

    @Test
    void oneTokenizerServesManyThreads() throws IOException {
        var tokenizer = TextGolden.gemma();
        var cases = TextGolden.lines(TextGolden.path("text/gemma3-a.jsonl"));
        boolean same = IntStream.range(0, 4 * cases.size()).parallel().allMatch(i -> {
            var line = cases.get(i % cases.size());
            return Arrays.equals(tokenizer.encode(line.text()), line.ids());
        });
        assertThat(same).isTrue();
    }
}
