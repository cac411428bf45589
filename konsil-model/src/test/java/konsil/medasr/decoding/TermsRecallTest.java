package konsil.medasr.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.medasr.Emissions;
import org.junit.jupiter.api.Test;

/**
 * Made-up speech: words of one to four pieces, most of them usual, one in ten a rare one of a list, through a channel
 * that confuses pieces with their likes. With the list the rare words are found more often, and the rest is no worse.
 */
final class TermsRecallTest {
    private static final int SYLLABLES = 120;
    private static final Pieces PIECES = pieces();

    private static Pieces pieces() {
        var texts = new ArrayList<>(List.of("<epsilon>", "<s>", "</s>", "<unk>"));
        for (int i = 0; i < SYLLABLES; i++) {
            String syllable =
                    "" + "bcdfghklmnprstvz".charAt(i % 16) + "aeiou".charAt(i / 16 % 5) + (char) ('a' + i / 80);
            texts.add("\u2581" + syllable);
            texts.add(syllable);
        }
        return new Pieces(texts);
    }

    private static int piece(int syllable, boolean atStart) {
        return 4 + 2 * syllable + (atStart ? 0 : 1);
    }

    /** The tokens of a word that is given by its syllables. */
    private static int[] tokens(int[] word) {
        var tokens = new int[word.length];
        for (int i = 0; i < word.length; i++) {
            tokens[i] = piece(word[i], i == 0);
        }
        return tokens;
    }

    private static List<int[]> words(Random random, int count, int shortest, int longest) {
        var words = new ArrayList<int[]>();
        for (int i = 0; i < count; i++) {
            words.add(random.ints(random.nextInt(shortest, longest + 1), 0, SYLLABLES)
                    .toArray());
        }
        return words;
    }

    private record Score(int hits, int falseAlarms, int errors, int spoken) {}

    private record Utterance(List<int[]> words, Emissions emissions) {}

    private static List<Utterance> speech(Random random, List<int[]> usual, List<int[]> rare) {
        var speech = new ArrayList<Utterance>();
        for (int i = 0; i < 60; i++) {
            var words = new ArrayList<int[]>();
            for (int w = 0; w < 12; w++) {
                var list = random.nextInt(10) == 0 ? rare : usual;
                words.add(list.get(random.nextInt(list.size())));
            }
            speech.add(new Utterance(words, emissions(random, words)));
        }
        return speech;
    }

    /** Two frames a piece and a blank; one piece in six is heard as another that sounds alike, a little more likely. */
    private static Emissions emissions(Random random, List<int[]> words) {
        var rows = new ArrayList<float[]>();
        for (int[] word : words) {
            for (int token : tokens(word)) {
                int alike = 4 + (token - 4 + 2 * random.nextInt(1, 6)) % (2 * SYLLABLES);
                double confused = random.nextInt(6) == 0 ? 0.5 + random.nextDouble() : -4;
                for (int frame = 0; frame < 3; frame++) {
                    var row = new double[PIECES.size()];
                    for (int t = 0; t < row.length; t++) {
                        row[t] = random.nextGaussian() / 2;
                    }
                    row[frame == 2 ? 0 : token] += 9;
                    row[frame == 2 ? 0 : alike] += frame == 2 ? 0 : 9 + confused;
                    rows.add(logSoftmax(row));
                }
            }
        }
        var all = new float[rows.size() * PIECES.size()];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * PIECES.size(), PIECES.size());
        }
        return new Emissions(rows.size(), PIECES.size(), all);
    }

    private static float[] logSoftmax(double[] row) {
        double sum = Arrays.stream(row).map(Math::exp).sum();
        var p = new float[row.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = (float) (row[i] - Math.log(sum));
        }
        return p;
    }

    private static Score score(List<Utterance> speech, List<int[]> rare, Terms terms) {
        var decoder = new Decoder.Beam(Fusion.without(PIECES), terms, BeamSettings.DEFAULT);
        int hits = 0;
        int falseAlarms = 0;
        int errors = 0;
        int spoken = 0;
        var rareWords =
                rare.stream().map(TermsRecallTest::tokens).map(PIECES::text).toList();
        for (var utterance : speech) {
            var said = utterance.words().stream()
                    .map(TermsRecallTest::tokens)
                    .map(PIECES::text)
                    .toList();
            String text = PIECES.text(
                    decoder.decode(utterance.emissions(), 1).getFirst().tokens().ids());
            var heard = List.of(text.split(" "));
            var kept = kept(said, heard);
            int found = (int) kept.stream().filter(rareWords::contains).count();
            int rareSaid = (int) said.stream().filter(rareWords::contains).count();
            hits += found;
            spoken += rareSaid;
            falseAlarms += (int) heard.stream().filter(rareWords::contains).count() - found;
            errors += said.size() - rareSaid - (kept.size() - found);
        }
        return new Score(hits, falseAlarms, errors, spoken);
    }

    /** A longest common subsequence. */
    private static List<String> kept(List<String> said, List<String> heard) {
        var length = new int[said.size() + 1][heard.size() + 1];
        for (int i = said.size() - 1; i >= 0; i--) {
            for (int j = heard.size() - 1; j >= 0; j--) {
                length[i][j] = said.get(i).equals(heard.get(j))
                        ? length[i + 1][j + 1] + 1
                        : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        var kept = new ArrayList<String>();
        for (int i = 0, j = 0; i < said.size() && j < heard.size(); ) {
            if (said.get(i).equals(heard.get(j))) {
                kept.add(said.get(i++));
                j++;
            } else if (length[i + 1][j] >= length[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
        return kept;
    }

    private static Terms terms(List<int[]> rare, double strength) {
        var texts = rare.stream().map(TermsRecallTest::tokens).map(PIECES::text).toList();
        return Terms.of(
                PIECES,
                texts.stream().map(Term::of).toList(),
                (text, atStart) -> texts.contains(text) && atStart
                        ? tokens(rare.get(texts.indexOf(text)))
                        : new int[] {Pieces.UNKNOWN},
                strength);
    }

    @Test
    void rareWordsAreFoundAndTheRestIsNoWorse() {
        var random = new Random(31);
        var usual = words(random, 300, 1, 3);
        var rare = words(random, 100, 3, 5);
        for (int[] word : rare.subList(0, 60)) { // usual words that are easily mistaken for a rare one
            var alike = word.clone();
            int at = random.nextInt(word.length);
            alike[at] = (alike[at] + random.nextInt(1, 6)) % SYLLABLES;
            usual.add(alike);
        }
        var speech = speech(random, usual, rare);
        var without = score(speech, rare, Terms.none(PIECES));
        var with = score(speech, rare, terms(rare, Terms.STRENGTH));
        assertThat(with.spoken()).isGreaterThan(100);
        assertThat(with.hits()).isGreaterThan(without.hits() + with.spoken() / 5);
        assertThat(with.errors()).isLessThanOrEqualTo(without.errors());
        assertThat(with.falseAlarms()).isZero();
    }
}
