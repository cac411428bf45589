package konsil.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import konsil.tensor.BadInputException;

/**
 * The most likely way to cut a text into pieces that occur independently of each other (Kudo, arXiv:1804.10959), found
 * by the algorithm of Viterbi over its characters. A character that no piece covers costs ten more than the rarest
 * piece; runs of such characters become one unknown token. Immutable.
 */
final class Unigram implements Segmentation {
    /** Characters that are cut at once. */
    private static final int MAX_LENGTH = 1 << 22;

    private static final double UNKNOWN_COST = 10;

    private final Rules rules;
    private final PieceTrie trie;
    private final double unknownScore;

    /** How a text is prepared. */
    enum Cutting {
        /** At white space, a mark before every word: "tokenizers" with WhitespaceSplit and Metaspace. */
        WORDS,
        /** At spaces alone, which become marks, a mark in front: "tokenizers" with Metaspace. */
        MARKS,
        /** Not at all: SentencePiece, whose normaliser puts marks for spaces, one in front, and joins several. */
        SENTENCE
    }

    /**
     * What a file says.
     *
     * @param pieces scores by id: natural logarithms of probabilities
     * @param unknown id
     * @param charsmap replaces characters first
     */
    record Rules(Pieces pieces, int unknown, Cutting cutting, Optional<Charsmap> charsmap) {}

    /**
     * Scores by id.
     *
     * @param scores NaN for tokens that text is never cut into
     * @param userDefined tokens that are worth as much as their bytes each as the most likely piece
     * @param lowest of the scores that count for unknown characters
     * @param single whether sums are rounded to float, as SentencePiece does
     */
    record Pieces(double[] scores, BitSet userDefined, double lowest, boolean single) {}

    Unigram(Vocabulary vocabulary, Rules rules) {
        this.rules = rules;
        this.trie = new PieceTrie(vocabulary, id -> id < rules.pieces.scores.length && usable(rules, id));
        double score = rules.pieces.lowest - UNKNOWN_COST;
        this.unknownScore = rules.pieces.single ? (float) score : score;
    }

    private static boolean usable(Rules rules, int id) {
        return !Double.isNaN(rules.pieces.scores[id]);
    }

    @Override
    public Run run(Ids ids) {
        return (text, from, to) -> {
            switch (rules.cutting) {
                case WORDS -> words(text, from, to, ids);
                case MARKS -> pieces(text.substring(from, to), ids);
                case SENTENCE -> best(text.substring(from, to), ids, ids.size());
            }
        };
    }

    @Override
    public char space() {
        return rules.cutting == Cutting.SENTENCE ? Tokenizer.SPACE_MARK : ' ';
    }

    @Override
    public boolean marksBeginning() {
        return true;
    }

    /** The text with characters replaced. */
    String normalised(String text) {
        String sound = wellFormed(text);
        if (rules.cutting == Cutting.SENTENCE) {
            return SentenceNormaliser.of(rules.charsmap, sound);
        }
        return rules.charsmap.map(map -> map.replaceClusters(sound)).orElse(sound);
    }

    /** Lone surrogates become U+FFFD. */
    private static String wellFormed(String text) {
        if (TokenizerJson.wellFormed(text)) {
            return text;
        }
        return text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The pieces of a text without a mark in front, added tokens not looked for. */
    int[] continued(String text) {
        String changed = normalised(text);
        int space = changed.indexOf(' ') < 0 ? changed.length() : changed.indexOf(' ');
        int first = changed.startsWith(String.valueOf(Tokenizer.SPACE_MARK)) ? 1 : 0;
        var ids = new Ids(changed.length());
        best(changed.substring(first, Math.max(first, space)), ids, 0);
        words(changed, space, changed.length(), ids);
        return ids.toArray();
    }

    private void words(String text, int from, int to, Ids ids) {
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && !whiteSpace(text.charAt(end))) {
                end++;
            }
            if (end > at) {
                pieces(text.substring(at, end), ids);
            }
            at = end + 1;
        }
    }

    /** Unicode's White_Space, all of which lies in the first plane. */
    private static boolean whiteSpace(char c) {
        return c == ' '
                || c >= 9 && c <= 13
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200A
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    /** Metaspace: spaces become marks, one is put in front if there is none, then it is cut before each. */
    private void pieces(String text, Ids ids) {
        if (text.isEmpty()) {
            return;
        }
        String marked = text.replace(' ', Tokenizer.SPACE_MARK);
        marked = marked.charAt(0) == Tokenizer.SPACE_MARK ? marked : Tokenizer.SPACE_MARK + marked;
        int at = 0;
        while (at < marked.length()) {
            int next = marked.indexOf(Tokenizer.SPACE_MARK, at + 1);
            int end = next < 0 ? marked.length() : next;
            best(marked.substring(at, end), ids, ids.size());
            at = end;
        }
    }

    /** The best way to each place of a text: where its last piece begins, which it is, and the sum of scores. */
    private record Ways(double[] score, int[] start, int[] id) {
        static Ways to(int length) {
            var ways = new Ways(new double[length + 1], new int[length + 1], new int[length + 1]);
            Arrays.fill(ways.start, -1);
            return ways;
        }

        void offer(int end, double candidate, int from, int piece, boolean single) {
            if (start[end] < 0 || candidate > score[end]) {
                score[end] = single ? (float) candidate : candidate;
                start[end] = from;
                id[end] = piece;
            }
        }
    }

    /** @param fuseFrom a token before this place of the list is not joined with what follows */
    private void best(String text, Ids ids, int fuseFrom) {
        int length = text.length();
        if (length > MAX_LENGTH) {
            throw new BadInputException("a text has %d characters without a break, at most %d can be turned into tokens"
                    .formatted(length, MAX_LENGTH));
        }
        var ways = Ways.to(length);
        boolean single = rules.pieces.single;
        int at = 0;
        while (at < length) {
            int begin = at;
            int next = begin + Character.charCount(text.codePointAt(begin));
            double here = ways.score[begin];
            boolean covered = trie.prefixes(
                    text,
                    begin,
                    (end, piece) -> ways.offer(end, score(piece, text, begin, end) + here, begin, piece, single),
                    next);
            if (!covered) {
                ways.offer(next, unknownScore + here, begin, rules.unknown, single);
            }
            at = next;
        }
        int[] back = new int[length];
        int count = 0;
        for (int end = length; end > 0; end = ways.start[end]) {
            back[count++] = ways.id[end];
        }
        while (count > 0) {
            int piece = back[--count];
            boolean fused = piece == rules.unknown && ids.size() > fuseFrom && ids.endsWith(piece);
            if (!fused) {
                ids.add(piece);
            }
        }
    }

    private double score(int piece, String text, int from, int to) {
        if (rules.pieces.userDefined.get(piece)) {
            int bytes = text.substring(from, to).getBytes(StandardCharsets.UTF_8).length;
            return bytes * rules.pieces.scores[piece] - 0.1;
        }
        return rules.pieces.scores[piece];
    }
}
