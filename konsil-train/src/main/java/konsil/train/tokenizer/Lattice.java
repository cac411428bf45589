package konsil.train.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every way to cut a word into pieces, weighed by their probabilities (Kudo, arXiv:1804.10959). A character that is no
 * piece is skipped at a price, so that a word always has a way.
 */
final class Lattice {
    /** The price of a character without a piece; the same for every way, so it changes no choice. */
    private static final double UNKNOWN = -20;

    private final Map<Long, Integer> children = new HashMap<>();
    private int[] pieceAt = new int[1 << 10];
    private int nodes = 1;
    private final double[] scores;

    Lattice(List<ScoredText> pieces) {
        scores = pieces.stream().mapToDouble(ScoredText::score).toArray();
        Arrays.fill(pieceAt, -1);
        for (int i = 0; i < scores.length; i++) put(pieces.get(i).text(), i);
    }

    private void put(String text, int piece) {
        int node = 0;
        for (int c : text.codePoints().toArray()) {
            int next = children.computeIfAbsent(key(node, c), _ -> nodes);
            if (next == nodes) grow();
            node = next;
        }
        pieceAt[node] = piece;
    }

    private void grow() {
        nodes++;
        if (nodes > pieceAt.length) {
            int before = pieceAt.length;
            pieceAt = Arrays.copyOf(pieceAt, 2 * before);
            Arrays.fill(pieceAt, before, pieceAt.length, -1);
        }
    }

    private static long key(int node, int character) {
        return ((long) node << 21) | character;
    }

    /** A piece, or -1, that stands in a word. */
    private record Edge(int from, int to, int piece, double score) {}

    /** Every piece that stands in a word, by where it starts. */
    private List<Edge> edges(int[] word) {
        var edges = new ArrayList<Edge>();
        for (int from = 0; from < word.length; from++) {
            Integer node = 0;
            boolean single = false;
            for (int to = from + 1; to <= word.length; to++) {
                node = children.get(key(node, word[to - 1]));
                if (node == null) break;
                int piece = pieceAt[node];
                if (piece >= 0) {
                    edges.add(new Edge(from, to, piece, scores[piece]));
                    single |= to == from + 1;
                }
            }
            if (!single) edges.add(new Edge(from, from + 1, -1, UNKNOWN));
        }
        return edges;
    }

    /**
     * Adds to each piece how often it is expected in a word that occurs so many times.
     *
     * @return the logarithm of the word's probability
     */
    double expect(String text, double times, double[] expected) {
        int[] word = text.codePoints().toArray();
        var edges = edges(word);
        double[] before = logs(word.length + 1);
        before[0] = 0;
        for (Edge edge : edges) {
            before[edge.to] = logAdd(before[edge.to], before[edge.from] + edge.score);
        }
        double[] after = logs(word.length + 1);
        after[word.length] = 0;
        for (Edge edge : edges.reversed()) {
            after[edge.from] = logAdd(after[edge.from], edge.score + after[edge.to]);
        }
        double all = before[word.length];
        for (Edge edge : edges) {
            if (edge.piece >= 0) {
                expected[edge.piece] += times * Math.exp(before[edge.from] + edge.score + after[edge.to] - all);
            }
        }
        return all;
    }

    /**
     * The most likely way.
     *
     * @param without a piece of several characters that must not be used, or -1
     * @return the pieces in order, -1 where none fits
     */
    List<Integer> best(String text, int without) {
        int[] word = text.codePoints().toArray();
        double[] score = logs(word.length + 1);
        score[0] = 0;
        var into = new Edge[word.length + 1];
        for (Edge edge : edges(word)) {
            if (edge.piece >= 0 && edge.piece == without) continue;
            if (score[edge.from] + edge.score > score[edge.to]) {
                score[edge.to] = score[edge.from] + edge.score;
                into[edge.to] = edge;
            }
        }
        var way = new ArrayList<Integer>();
        for (int at = word.length; at > 0; at = into[at].from) way.add(into[at].piece);
        return way.reversed();
    }

    private static double[] logs(int length) {
        double[] values = new double[length];
        Arrays.fill(values, Double.NEGATIVE_INFINITY);
        return values;
    }

    static double logAdd(double a, double b) {
        double high = Math.max(a, b);
        double low = Math.min(a, b);
        return low == Double.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(low - high));
    }
}
