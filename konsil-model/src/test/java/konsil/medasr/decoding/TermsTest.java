package konsil.medasr.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TermsTest {
    /** One piece a character, with and without a space before it. */
    static final Pieces LETTERS = letters();

    private static Pieces letters() {
        var texts =
                new ArrayList<>(List.of("<epsilon>", "<s>", "</s>", "<unk>", ".", "-", "\u2581(", "2", "\u25812", "T"));
        for (char c = 'a'; c <= 'e'; c++) {
            texts.add("" + c);
            texts.add("\u2581" + c);
        }
        return new Pieces(texts);
    }

    static int[] spell(String text, boolean atStart) {
        var ids = new ArrayList<Integer>();
        String left = (atStart ? "\u2581" : "") + text.replace(' ', '\u2581');
        while (!left.isEmpty()) {
            int length = left.startsWith("\u2581") ? Math.min(2, left.length()) : 1;
            int id = LETTERS.texts().indexOf(left.substring(0, length));
            ids.add(id < 0 ? Pieces.UNKNOWN : id);
            left = left.substring(length);
        }
        return ids.stream().mapToInt(id -> id).toArray();
    }

    private static Terms terms(Term... terms) {
        return Terms.of(LETTERS, List.of(terms), TermsTest::spell, 1);
    }

    private static double bonus(Terms terms, int[] ids) {
        return terms.finished(heard(terms, ids));
    }

    static Terms.Heard heard(Terms terms, int[] ids) {
        var heard = terms.start();
        int previous = Pieces.BLANK;
        for (int id : ids) {
            heard = terms.then(heard, previous, id);
            previous = id;
        }
        return heard;
    }

    private static double bonus(Terms terms, String text) {
        return bonus(terms, spell(text, true));
    }

    @Test
    void wholeWordsOnly() {
        var terms = terms(Term.of("bad"));
        assertThat(bonus(terms, "bad")).isEqualTo(3);
        assertThat(bonus(terms, "a bad cab")).isEqualTo(3);
        assertThat(bonus(terms, "bad bad.")).isEqualTo(6);
        assertThat(bonus(terms, "(bad)".replace(")", "-") + "bad")).isEqualTo(6);
        assertThat(bonus(terms, "bade")).isZero();
        assertThat(bonus(terms, "abad")).isZero();
        assertThat(bonus(terms, "ba d ba")).isZero();
        assertThat(bonus(terms, "babad bad")).isEqualTo(3);
    }

    @Test
    void theOtherFirstLetterToo() {
        assertThat(bonus(terms(Term.of("Bad")), "bad")).isEqualTo(3);
        assertThat(bonus(terms(Term.of("a b")), "a b")).isEqualTo(2);
        assertThat(terms(Term.of("bad"), Term.of("x1")).unspellable()).containsExactly(Term.of("x1"));
        assertThat(Terms.none(LETTERS).text(spell("bad.", true))).isEqualTo("bad.");
    }

    /** On the way a bonus grows with each token, and what was not finished is taken back. */
    @Test
    void aBonusOnTheWay() {
        var terms = terms(new Term("abc", 2, ""), Term.of("ab"));
        int[] ids = spell("abc", true);
        var one = terms.then(terms.start(), Pieces.BLANK, ids[0]);
        var two = terms.then(one, ids[0], ids[1]);
        var three = terms.then(two, ids[1], ids[2]);
        assertThat(one.score()).isEqualTo(2);
        assertThat(two.score()).isEqualTo(4 + 2);
        assertThat(three.score()).isEqualTo(6); // "ab" was no word after all
        assertThat(terms.finished(one)).isZero();
        assertThat(terms.finished(two)).isEqualTo(2);
        assertThat(terms.mostGain(ids[2])).isEqualTo(6);
        assertThat(terms.then(two, ids[1], LETTERS.texts().indexOf(".")).score())
                .isEqualTo(2);
    }

    /** The automaton against looking at every place for every spelling of every term. */
    @Test
    void equalsCountingEveryPlace() {
        var random = new Random(21);
        for (int round = 0; round < 300; round++) {
            var list = new ArrayList<Term>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                String said = random.nextInt(3) == 0 ? word(random) + " " + word(random) : "";
                list.add(new Term(word(random), random.nextInt(1, 4), said));
            }
            var terms = Terms.of(LETTERS, list, TermsTest::spell, 1);
            var ids = new int[random.nextInt(1, 30)];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = random.nextInt(5) == 0 ? random.nextInt(4, 10) : random.nextInt(10, 14);
            }
            assertThat(bonus(terms, ids))
                    .as("%s %s", list, LETTERS.text(ids))
                    .isCloseTo(count(list, ids), within(1e-9));
        }
    }

    private static String word(Random random) {
        var word = new StringBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            word.append("ab".charAt(random.nextInt(2)));
        }
        return word.toString();
    }

    private static double count(List<Term> terms, int[] ids) {
        double sum = 0;
        for (int end = 1; end <= ids.length; end++) {
            var best = new HashMap<Integer, Double>();
            for (int from = 0; from < end; from++) {
                for (int i = 0; i < terms.size(); i++) {
                    if (starts(ids, from)
                            && (end == ids.length || starts(ids, end))
                            && isTerm(terms.get(i), ids, from, end)) {
                        best.merge(i, terms.get(i).weight() * (end - from), Math::max);
                    }
                }
            }
            sum += best.values().stream().mapToDouble(v -> v).sum();
        }
        return sum;
    }

    private static boolean starts(int[] ids, int at) {
        return at == 0 || !LETTERS.continuesWord(ids[at]) || !LETTERS.endsInWord(ids[at - 1]);
    }

    private static boolean isTerm(Term term, int[] ids, int from, int end) {
        var text = new StringBuilder();
        for (int i = from; i < end; i++) {
            text.append(LETTERS.texts().get(ids[i]));
        }
        String said = text.toString().replaceFirst("^\u2581", "").replace('\u2581', ' ');
        return said.equals(term.written()) || !term.spoken().isEmpty() && said.equals(term.spoken());
    }

    @Test
    void writtenAsTheUserWants() {
        var terms = terms(new Term("T2a", 1, "tee too a"), new Term("aT2-b", 1, "a 2 b"), new Term("CDE", 1, "c d e"));
        assertThat(terms.unspellable()).isEmpty(); // one way to spell each is enough
        assertThat(terms.text(spell("bad a 2 b.", true))).isEqualTo("bad aT2-b.");
        assertThat(terms.text(spell("a 2 ba 2 b", true))).isEqualTo("a 2 ba 2 b");
        assertThat(terms.text(spell("c d e c d", true))).isEqualTo("CDE c d");
        assertThat(terms.text(spell("(a 2 b a 2 b", true))).isEqualTo("(aT2-b aT2-b");
        assertThat(terms.replacements(spell("e a 2 b", true))).containsExactly(new Terms.Replacement(1, 4, "aT2-b"));
    }

    @Test
    void aFileOfTerms() {
        String file =
                "\uFEFF# my terms\r\n\r\napixaban\nEliquis\t2.5\nT2a  N0\t\ttee two a\t \n".replace("\t \n", "\n");
        assertThat(TermFile.parse(file.getBytes(StandardCharsets.UTF_8), Path.of("t.txt")))
                .containsExactly(Term.of("apixaban"), new Term("Eliquis", 2.5, ""), new Term("T2a N0", 1, "tee two a"));
    }

    @ParameterizedTest
    @CsvSource({
        "'ok\n\tx', 'line 2: the term is missing'",
        "'a\t1\tb\tc', 'line 1: want a term, its weight and how it is said, got 4 fields'",
        "'#\n\n a\tmuch', 'line 3: want a weight'",
        "'a\t0', 'line 1: want a weight'",
        "'a\tNaN', 'line 1: want a weight'",
        "'a\t1e9', 'line 1: want a weight'",
        "'a\u0007', 'line 1: the term has a control character'",
    })
    void linesThatAreWrong(String text, String message) {
        assertThatThrownBy(() -> TermFile.parse(text.getBytes(StandardCharsets.UTF_8), Path.of("t.txt")))
                .isInstanceOf(BadFileException.class)
                .hasMessageStartingWith("t.txt: " + message);
    }

    @Test
    void tooMuch() {
        Path name = Path.of("t.txt");
        byte[] long1 = "a".repeat(201).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> TermFile.parse(long1, name)).hasMessageContaining("201 characters");
        byte[] many = "a\n".repeat(20_001).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> TermFile.parse(many, name)).hasMessageContaining("line 20001: want at most 20000");
        byte[] broken = {'a', (byte) 0xFF};
        assertThatThrownBy(() -> TermFile.parse(broken, name)).hasMessage("t.txt: want UTF-8 text");
        var random = new Random(1);
        var list = new ArrayList<Term>();
        for (int i = 0; i < 6000; i++) {
            var text = new StringBuilder();
            random.ints(200, 0, 5).forEach(c -> text.append((char) ('a' + c)));
            list.add(Term.of(text.toString()));
        }
        assertThatThrownBy(() -> Terms.of(LETTERS, list, TermsTest::spell, 1))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("leave some out");
    }
}
