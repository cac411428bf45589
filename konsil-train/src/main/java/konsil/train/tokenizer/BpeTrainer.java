package konsil.train.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import konsil.text.Tokenizer;

/**
 * Byte-pair encoding (Sennrich and others, arXiv:1508.07909): the most frequent pair of neighbours becomes a piece,
 * again and again. Of equally frequent pairs the shorter comes first, then the one earlier in the order of characters.
 * As in Gemma 3, digits stay alone, and a mark of a space stands only at the start of a piece, or in a run of marks.
 */
final class BpeTrainer {
    private static final char MARK = Tokenizer.SPACE_MARK;
    /** A pair seen once teaches nothing. */
    private static final long SEEN = 2;

    /** A pair as it was counted when it was put in the queue; stale if the count has changed since. */
    private record Candidate(long count, String left, String right) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int order = Long.compare(other.count, count);
            if (order == 0) order = Integer.compare(length(), other.length());
            if (order == 0) order = (left + right).compareTo(other.left + other.right);
            return order == 0 ? left.compareTo(other.left) : order;
        }

        private int length() {
            return left.length() + right.length();
        }
    }

    /** Pieces of a word, in order; null stands for a character that is no piece. */
    private static final class Word {
        private final List<String> pieces = new ArrayList<>();
        private final long count;

        Word(long count) {
            this.count = count;
        }
    }

    private static final class Pair {
        private long count;
        private final Set<Word> words = new LinkedHashSet<>();
    }

    private final int longest;
    private final List<Word> words = new ArrayList<>();
    private final Map<Merge, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
    private final LinkedHashSet<String> pieces;
    private final LinkedHashSet<Merge> merges = new LinkedHashSet<>();

    private BpeTrainer(Map<String, Long> counts, List<String> characters, int longest) {
        this.longest = longest;
        this.pieces = new LinkedHashSet<>(characters);
        counts.forEach((text, count) -> {
            var word = new Word(count);
            text.codePoints().mapToObj(Character::toString).forEach(c -> word.pieces.add(pieces.contains(c) ? c : ""));
            words.add(word);
        });
    }

    /**
     * Finds pieces.
     *
     * @param room for pieces, characters included
     * @return at most that many; fewer when no pair is left that occurs twice
     */
    static Bpe train(Words words, TrainingSettings settings, int room) {
        var characters = Characters.covering(words.counts(), settings);
        if (characters.size() > room) {
            throw Room.exceeded(characters.size(), room);
        }
        var trainer = new BpeTrainer(words.counts(), characters, settings.longest());
        settings.keep().forEach(word -> trainer.keep(MARK + word));
        trainer.countAll();
        while (trainer.pieces.size() < room && trainer.mergeNext()) {}
        if (trainer.pieces.size() > room) throw Room.exceeded(trainer.pieces.size(), room);
        return new Bpe(List.copyOf(trainer.pieces), List.copyOf(trainer.merges));
    }

    /** Merges a word to be kept from its left end, before anything else, whatever the texts say. */
    private void keep(String word) {
        var characters = word.codePoints().mapToObj(Character::toString).toList();
        String left = characters.getFirst();
        for (String right : characters.subList(1, characters.size())) {
            apply(new Merge(left, right), words);
            left += right;
        }
    }

    private void countAll() {
        for (Word word : words) count(word, 1);
        pairs.forEach(this::offer);
    }

    /** Adds the pairs of a word to the counts, or takes them away. */
    private void count(Word word, int sign) {
        for (int i = 0; i + 1 < word.pieces.size(); i++) {
            var merge = new Merge(word.pieces.get(i), word.pieces.get(i + 1));
            if (!allowed(merge)) continue;
            var pair = pairs.computeIfAbsent(merge, _ -> new Pair());
            pair.count += sign * word.count;
            if (sign > 0) pair.words.add(word);
        }
    }

    private boolean allowed(Merge merge) {
        String left = merge.left();
        String right = merge.right();
        if (left.isEmpty() || right.isEmpty()) return false;
        String both = merge.joined();
        if (both.codePointCount(0, both.length()) > longest) return false;
        boolean marks = both.chars().allMatch(c -> c == MARK);
        boolean word = both.indexOf(MARK, 1) < 0 && both.codePoints().noneMatch(Character::isDigit);
        return marks || word;
    }

    private void offer(Merge merge, Pair pair) {
        if (pair.count >= SEEN) queue.add(new Candidate(pair.count, merge.left(), merge.right()));
    }

    private boolean mergeNext() {
        for (var next = queue.poll(); next != null; next = queue.poll()) {
            var merge = new Merge(next.left, next.right);
            Pair pair = pairs.get(merge);
            if (pair != null && pair.count == next.count) {
                mergeEverywhere(merge, List.copyOf(pair.words));
                return true;
            }
        }
        return false;
    }

    private void mergeEverywhere(Merge merge, List<Word> of) {
        var touched = new HashSet<Merge>();
        for (Word word : of) {
            touched.addAll(neighbours(word));
            count(word, -1);
        }
        apply(merge, of);
        for (Word word : of) {
            count(word, 1);
            touched.addAll(neighbours(word));
        }
        pairs.remove(merge);
        touched.remove(merge);
        touched.forEach(changed -> offer(changed, pairs.get(changed)));
    }

    private Set<Merge> neighbours(Word word) {
        var found = new HashSet<Merge>();
        for (int i = 0; i + 1 < word.pieces.size(); i++) {
            var merge = new Merge(word.pieces.get(i), word.pieces.get(i + 1));
            if (allowed(merge)) found.add(merge);
        }
        return found;
    }

    private void apply(Merge merge, List<Word> to) {
        pieces.add(merge.joined());
        merges.add(merge);
        for (Word word : to) {
            var before = word.pieces;
            for (int i = 0; i + 1 < before.size(); i++) {
                if (before.get(i).equals(merge.left()) && before.get(i + 1).equals(merge.right())) {
                    before.set(i, merge.joined());
                    before.remove(i + 1);
                }
            }
        }
    }
}
