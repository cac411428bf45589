package konsil.medasr.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.stream.Stream;
import konsil.tensor.file.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NGramModelTest {
    /** "b c" is missing though "a b c" is there, as tools leave it when they prune. */
    private static final String BY_HAND = """
            made by hand

            \\data\\
            ngram 1=6
            ngram 2=4
            ngram 3=2

            \\1-grams:
            -1.5\t<unk>
            -99\t<s>\t-0.5
            -1.25\t</s>
            -1\ta\t-0.25
            -0.75\tb\t-0.125
            -2\tc\t0

            \\2-grams:
            -0.5\t<s> a\t-0.0625
            -0.25\ta b\t-0.03125
            -0.375 c a
            -0.625\tb </s>

            \\3-grams:
            -0.1\t<s> a b
            -0.2\ta b c

            \\end\\
            """;

    private static float[] scores(NGramModel model, String... words) {
        var scores = new float[words.length];
        var state = model.start();
        for (int i = 0; i < words.length; i++) {
            var scored = model.score(state, model.wordId(words[i]));
            scores[i] = scored.log10();
            state = scored.next();
        }
        return scores;
    }

    @Test
    void everyWayThroughABackOff() throws IOException {
        try (var model = LmGolden.read(BY_HAND)) {
            assertThat(scores(model, "a", "b", "c")).containsExactly(-0.5f, -0.1f, -0.2f);
            assertThat(scores(model, "b")).containsExactly(-0.75f - 0.5f); // bo(<s>)
            assertThat(scores(model, "a", "c")).containsExactly(-0.5f, -2 - 0.25f - 0.0625f); // bo(a), bo(<s> a)
            assertThat(scores(model, "b", "c")[1]).isEqualTo(-2 - 0.125f); // not the 2-gram that is missing
            assertThat(scores(model, "a", "b", "</s>")[2]).isEqualTo(-0.625f - 0.03125f); // bo(a b)
            assertThat(scores(model, "x", "c")).containsExactly(-1.5f - 0.5f, -2);
            assertThat(model.wordId("x")).isEqualTo(NGramModel.UNKNOWN).isEqualTo(model.wordId("<UNK>"));
        }
    }

    @Test
    void aStateHoldsWhatMattersAndNoMore() throws IOException {
        try (var model = LmGolden.read(BY_HAND)) {
            var a = model.score(model.start(), model.wordId("a")).next();
            var b = model.score(a, model.wordId("b")).next();
            var c = model.score(b, model.wordId("c")).next();
            assertThat(a.length()).isEqualTo(2);
            assertThat(b.length()).isEqualTo(2);
            assertThat(c.length()).isEqualTo(1); // nothing starts with "b c", but "c a" is there
            assertThat(model.score(c, model.wordId("a")).next())
                    .isEqualTo(model.score(model.empty(), model.wordId("a")).next()); // "c a" leads nowhere
            assertThat(model.score(c, NGramModel.UNKNOWN).next()).isEqualTo(model.empty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {".arpa", ".kenlm", ".trie", ".atrie"})
    void scoresOfSentencesAsTheReferenceHasThem(String ending) throws IOException {
        compare("scores.jsonl", ending);
    }

    /** What they hold is not what the text says, but exactly the values of their bins. */
    @ParameterizedTest
    @ValueSource(strings = {".qtrie", ".qatrie"})
    void quantisedScoresAsTheReferenceHasThem(String ending) throws IOException {
        compare("quantised.jsonl", ending);
    }

    private static void compare(String scored, String ending) throws IOException {
        int words = 0;
        for (var line : LmGolden.cases(scored)) {
            String name = line.text("model");
            try (var model = NGramModel.open(LmGolden.path(name + ending))) {
                var said = line.list("words").stream()
                        .map(word -> ((Json.Text) word).value())
                        .toList();
                float[] scores = scores(
                        model, Stream.concat(said.stream(), Stream.of("</s>")).toArray(String[]::new));
                for (int i = 0; i < scores.length; i++) {
                    double expected = LmGolden.Case.number(line.list("log10").get(i));
                    // a binary holds the sums for what was pruned, rounded once more
                    boolean summed = name.equals("pruned") && !ending.equals(".arpa") && scored.equals("scores.jsonl");
                    assertThat((double) scores[i]).as(line.toString()).isCloseTo(expected, within(summed ? 1e-6 : 0));
                    words++;
                }
            }
        }
        assertThat(words).isGreaterThan(700);
    }

    /** Whatever holds the n-grams, as much is remembered of what was said. */
    @ParameterizedTest
    @CsvSource({"three,trie", "three,qtrie", "three,atrie", "three,qatrie", "four,trie", "four,qatrie", "pruned,atrie"})
    void triesRememberAsProbingTablesDo(String name, String ending) throws IOException {
        try (var probing = NGramModel.open(LmGolden.path(name + ".kenlm"));
                var trie = NGramModel.open(LmGolden.path(name + "." + ending))) {
            var expected = probing.start();
            var state = trie.start();
            for (var line : LmGolden.cases("scores.jsonl")) {
                for (var json : line.list("words")) {
                    String word = ((Json.Text) json).value();
                    expected = probing.score(expected, probing.wordId(word)).next();
                    state = trie.score(state, trie.wordId(word)).next();
                    assertThat(state.length()).isEqualTo(expected.length());
                }
            }
        }
    }

    @Test
    void compressedAsPlain() throws IOException {
        try (var plain = NGramModel.open(LmGolden.path("pruned.arpa"));
                var gzip = NGramModel.open(LmGolden.path("pruned.arpa.gz"));
                var xz = NGramModel.open(LmGolden.path("pruned.arpa.xz"))) {
            float[] expected = scores(plain, "#no", "#pleural", "#effusion", ".", "</s>");
            assertThat(scores(gzip, "#no", "#pleural", "#effusion", ".", "</s>"))
                    .isEqualTo(expected);
            assertThat(scores(xz, "#no", "#pleural", "#effusion", ".", "</s>")).isEqualTo(expected);
            assertThat(plain.order()).isEqualTo(4).isEqualTo(gzip.order()).isEqualTo(xz.order());
        }
    }

    /** After any words the probabilities of all words that can follow add up to one. */
    @Test
    void probabilitiesAddUpToOne() throws IOException {
        try (var model = NGramModel.open(LmGolden.path("three.kenlm"))) {
            var state = model.start();
            for (String word : new String[] {"#no", "#effusion", ".", "#the", "t"}) {
                state = model.score(state, model.wordId(word)).next();
                double sum = 0;
                for (int id = 0; id < model.count(1); id++) {
                    sum += Math.pow(10, model.score(state, id).log10());
                }
                assertThat(sum).isCloseTo(1, within(2e-3)); // five decimals in the file
            }
        }
    }

    /** Whatever is left over of a word's bytes behind the last eight. */
    @Test
    void wordsOfEveryLengthAreFound() throws IOException {
        var arpa = new StringBuilder("\\data\\\nngram 1=42\nngram 2=0\n\n\\1-grams:\n-1 <s>\n-1 </s>\n");
        for (int length = 1; length <= 40; length++) {
            arpa.append('-')
                    .append(length)
                    .append(' ')
                    .append("\u00e9".repeat(length))
                    .append('\n');
        }
        try (var model = LmGolden.read(arpa + "\n\\2-grams:\n\n\\end\\\n")) {
            for (int length = 1; length <= 40; length++) {
                var scored = model.score(model.empty(), model.wordId("\u00e9".repeat(length)));
                assertThat(scored.log10()).isEqualTo(-length);
            }
        }
    }

    /** Tables grow beyond their first size and still hold everything. */
    @Test
    void moreThanATableStartsWith() throws IOException {
        int words = 400;
        var arpa = new StringBuilder("\\data\\\nngram 1=402\nngram 2=160000\n\n\\1-grams:\n-1 <s>\n-1 </s>\n");
        for (int i = 0; i < words; i++) {
            arpa.append("-2 w").append(i).append(" -0.5\n");
        }
        arpa.append("\n\\2-grams:\n");
        for (int i = 0; i < words * words; i++) {
            arpa.append(-i / 1024f)
                    .append(" w")
                    .append(i / words)
                    .append(" w")
                    .append(i % words)
                    .append('\n');
        }
        try (var model = LmGolden.read(arpa.append("\n\\end\\\n").toString())) {
            for (int i = 0; i < words * words; i += 37) {
                var context = model.score(model.empty(), model.wordId("w" + i / words))
                        .next();
                assertThat(model.score(context, model.wordId("w" + i % words)).log10())
                        .isEqualTo(-i / 1024f);
            }
        }
    }
}
