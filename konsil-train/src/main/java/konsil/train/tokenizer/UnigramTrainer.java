package konsil.train.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import konsil.text.Tokenizer;

/**
 * SentencePiece's Unigram model (Kudo, arXiv:1804.10959, section 3.2): many substrings of the words as a start, then
 * expectation and maximisation, and of the pieces those dropped that cost the least likelihood, again and again until
 * few enough are left. Characters and words to keep are never dropped. Sums run in the order of words and pieces, so
 * the same words give the same numbers.
 */
final class UnigramTrainer {
    /** At the start, for each piece wanted. */
    private static final int SEEDS = 16;

    private static final int MOST_SEEDS = 500_000;
    /** Substrings counted at most: beyond, those seen once so far are forgotten. */
    private static final int MOST_COUNTED = 4_000_000;

    private static final int ROUNDS = 2;
    /** What stays of the pieces in one round of dropping. */
    private static final double STAYS = 0.75;
    /** Dropping ends here; the last ones go by probability. */
    private static final double NEARLY = 1.1;
    /** A piece expected less often than this is dropped; one that has to stay counts as that much. */
    private static final double RARE = 0.5;

    private final SortedMap<String, Long> words;
    private final int longest;
    private final Set<String> needed;

    private UnigramTrainer(SortedMap<String, Long> words, int longest, Set<String> needed) {
        this.words = words;
        this.longest = longest;
        this.needed = needed;
    }

    /**
     * Finds pieces.
     *
     * @param room for pieces, characters included
     * @return at most that many, the likeliest first; fewer when the words have no more substrings that occur twice
     */
    static List<ScoredText> train(Words words, TrainingSettings settings, int room) {
        var needed = new HashSet<>(Characters.covering(words.counts(), settings));
        settings.keep().forEach(word -> needed.add(Tokenizer.SPACE_MARK + word));
        if (needed.size() > room) throw Room.exceeded(needed.size(), room);
        var trainer = new UnigramTrainer(words.counts(), settings.longest(), needed);
        var pieces = trainer.seeds(Math.min(MOST_SEEDS, Math.multiplyExact(room, SEEDS)));
        while (true) {
            for (int i = 0; i < ROUNDS; i++) pieces = trainer.maximised(pieces);
            if (pieces.size() <= enough(room)) return trainer.likeliest(pieces, room);
            pieces = trainer.pruned(pieces, room);
        }
    }

    /** Substrings by how many characters of the words they cover, with these counts as first probabilities. */
    private List<ScoredText> seeds(int most) {
        var counts = new TreeMap<String, Long>();
        words.forEach((word, times) -> {
            int[] characters = word.codePoints().toArray();
            for (int from = 0; from < characters.length; from++) {
                int last = Math.min(characters.length, from + longest);
                for (int to = from + 1; to <= last; to++) {
                    counts.merge(new String(characters, from, to - from), times, Long::sum);
                }
            }
            if (counts.size() > MOST_COUNTED) counts.values().removeIf(count -> count < 2);
        });
        needed.forEach(text -> counts.merge(text, 1L, Math::max));
        var byWorth = Comparator.<Map.Entry<String, Long>>comparingLong(entry -> -worth(entry))
                .thenComparing(Map.Entry.comparingByKey());
        var chosen = counts.entrySet().stream()
                .filter(entry -> needed.contains(entry.getKey()) || usable(entry))
                .sorted(byWorth)
                .toList();
        double sum = 0;
        var pieces = new ArrayList<ScoredText>();
        for (var entry : chosen) {
            if (pieces.size() < most || needed.contains(entry.getKey())) {
                pieces.add(new ScoredText(entry.getKey(), worth(entry)));
                sum += worth(entry);
            }
        }
        double all = Math.log(sum);
        return pieces.stream()
                .map(piece -> new ScoredText(piece.text(), Math.log(piece.score()) - all))
                .toList();
    }

    /** Characters that do not count are in no piece. */
    private boolean usable(Map.Entry<String, Long> entry) {
        String text = entry.getKey();
        return entry.getValue() > 1
                && text.codePointCount(0, text.length()) > 1
                && text.codePoints().allMatch(c -> needed.contains(Character.toString(c)));
    }

    private static long worth(Map.Entry<String, Long> entry) {
        String text = entry.getKey();
        return entry.getValue() * text.codePointCount(0, text.length());
    }

    /** One round of expectation and maximisation, the latter with a prior that makes rare pieces rarer (digamma). */
    private List<ScoredText> maximised(List<ScoredText> pieces) {
        var lattice = new Lattice(pieces);
        double[] expected = new double[pieces.size()];
        words.forEach((word, times) -> lattice.expect(word, times, expected));
        var kept = new ArrayList<ScoredText>();
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            boolean needs = needed.contains(pieces.get(i).text());
            if (needs || expected[i] >= RARE) {
                double count = Math.max(expected[i], RARE);
                kept.add(new ScoredText(pieces.get(i).text(), count));
                sum += count;
            }
        }
        double all = digamma(sum);
        return kept.stream()
                .map(piece -> new ScoredText(piece.text(), digamma(piece.score()) - all))
                .toList();
    }

    private static int enough(int room) {
        return (int) Math.ceil(NEARLY * room);
    }

    /** Drops the pieces whose words would lose the least likelihood if cut in the second-best way instead. */
    private List<ScoredText> pruned(List<ScoredText> pieces, int room) {
        var lattice = new Lattice(pieces);
        double[] used = new double[pieces.size()];
        words.forEach((word, times) -> {
            for (int piece : lattice.best(word, -1)) {
                if (piece >= 0) used[piece] += times;
            }
        });
        double[] loss = new double[used.length];
        double sum = 0;
        for (double count : used) sum += count;
        for (int i = 0; i < loss.length; i++) loss[i] = loss(pieces.get(i).text(), i, used, sum, lattice);
        int most = Math.max(enough(room), (int) (STAYS * pieces.size()));
        var order = IntStream.range(0, loss.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -loss[i]).thenComparing(Comparator.naturalOrder()))
                .limit(most)
                .sorted()
                .toList();
        return order.stream().map(pieces::get).toList();
    }

    private double loss(String text, int piece, double[] used, double sum, Lattice lattice) {
        if (needed.contains(text)) return Double.POSITIVE_INFINITY;
        if (used[piece] == 0) return Double.NEGATIVE_INFINITY;
        var instead = lattice.best(text, piece);
        double with = Math.log(used[piece] / sum);
        double all = Math.log(sum + used[piece] * (instead.size() - 1));
        double without = 0;
        for (int other : instead) without += Math.log(used[other] + used[piece]) - all;
        return used[piece] * (with - without);
    }

    private List<ScoredText> likeliest(List<ScoredText> pieces, int room) {
        var order =
                Comparator.<ScoredText>comparingDouble(piece -> -piece.score()).thenComparing(ScoredText::text);
        int others = room - needed.size();
        var chosen = new ArrayList<ScoredText>();
        for (ScoredText piece : pieces.stream().sorted(order).toList()) {
            if (needed.contains(piece.text()) || others-- > 0) chosen.add(piece);
        }
        return chosen;
    }

    /** The derivative of ln gamma (Abramowitz and Stegun 6.3.5 and 6.3.18). */
    static double digamma(double x) {
        double sum = 0;
        while (x < 7) sum -= 1 / x++;
        double inverse = 1 / (x * x);
        return sum
                + Math.log(x)
                - 0.5 / x
                - inverse * (1.0 / 12 - inverse * (1.0 / 120 - inverse * (1.0 / 252 - inverse / 240)));
    }
}
