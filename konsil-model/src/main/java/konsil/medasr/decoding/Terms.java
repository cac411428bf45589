package konsil.medasr.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The terms of one request, to be looked for token by token (an Aho-Corasick automaton, CACM 1975). While a term is
 * being heard each of its tokens adds a bonus; when it breaks off, what was added is taken back. So a finished
 * hypothesis has gained exactly the bonus of the terms in it, as whole words, and nothing else. Immutable.
 */
public final class Terms {
    /** The usual bonus for each token of a term of weight 1, a natural logarithm. */
    public static final double STRENGTH = 1.5;

    private static final int ROOT = 0;

    private final Pieces pieces;
    private final boolean[] continues;
    private final boolean[] endsInWord;
    private final int[][] childTokens;
    private final int[][] childNodes;
    private final int[] fallbacks;
    private final double[] half;
    private final double[] whole;
    private final String[] written;
    private final double[] mostGain;
    private final double[] mostStep;
    private final List<Term> unspellable;

    private Terms(Pieces pieces, TermTrie trie, List<Term> unspellable) {
        this.pieces = pieces;
        this.unspellable = List.copyOf(unspellable);
        continues = new boolean[pieces.size()];
        endsInWord = new boolean[pieces.size()];
        for (int token = 0; token < pieces.size(); token++) {
            continues[token] = pieces.continuesWord(token);
            endsInWord[token] = pieces.endsInWord(token);
        }
        childTokens = new int[trie.size()][];
        childNodes = new int[trie.size()][];
        fallbacks = new int[trie.size()];
        half = new double[trie.size()];
        whole = new double[trie.size()];
        written = new String[trie.size()];
        mostGain = new double[pieces.size()];
        mostStep = new double[pieces.size()];
        build(trie);
    }

    /** No terms. */
    public static Terms none(Pieces pieces) {
        return new Terms(pieces, new TermTrie(), List.of());
    }

    /**
     * Spells every term with and without a space in front, as it is and with the other kind of first letter.
     *
     * @param strength the bonus for each token of a term of weight 1; {@link #STRENGTH} is usual
     * @throws konsil.tensor.BadInputException when they are too many
     */
    public static Terms of(Pieces pieces, List<Term> terms, PieceEncoder encoder, double strength) {
        var trie = new TermTrie();
        var unspellable = new ArrayList<Term>();
        for (int i = 0; i < terms.size(); i++) {
            var term = terms.get(i);
            double step = term.weight() * strength;
            boolean spelled = false;
            for (var tokens : spellings(term.written(), encoder, pieces)) {
                trie.add(tokens, i, step, "");
                spelled = true;
            }
            for (var tokens : spellings(term.spoken(), encoder, pieces)) {
                trie.add(tokens, i, step, term.written());
                spelled = true;
            }
            if (!spelled) {
                unspellable.add(term);
            }
        }
        return new Terms(pieces, trie, unspellable);
    }

    private static List<int[]> spellings(String text, PieceEncoder encoder, Pieces pieces) {
        Set<String> texts = new LinkedHashSet<>();
        if (!text.isEmpty()) {
            int second = text.offsetByCodePoints(0, 1);
            String first = text.substring(0, second);
            String rest = text.substring(second);
            texts.add(text);
            if (rest.isEmpty() || !Character.isUpperCase(rest.codePointAt(0))) { // CT is never cT
                texts.add(first.toLowerCase(Locale.ROOT) + rest);
                texts.add(first.toUpperCase(Locale.ROOT) + rest);
            }
        }
        return texts.stream()
                .flatMap(t -> Stream.of(encoder.encode(t, true), encoder.encode(t, false)))
                .filter(tokens -> tokens.length > 0 && Arrays.stream(tokens).allMatch(pieces::spoken))
                .toList();
    }

    private void build(TermTrie trie) {
        List<Map<Integer, Double>> found = new ArrayList<>();
        for (int i = 0; i < trie.size(); i++) {
            var children = trie.node(i).children();
            childTokens[i] = children.keySet().stream().mapToInt(t -> t).toArray();
            childNodes[i] =
                    children.values().stream().mapToInt(TermTrie.Node::id).toArray();
            half[i] = trie.node(i).half();
            written[i] = trie.node(i).written();
            found.add(Map.of());
        }
        for (var node : trie.byDepth()) {
            if (node.id() == ROOT) {
                continue;
            }
            int parent = node.parent();
            fallbacks[node.id()] = parent == ROOT
                    ? ROOT
                    : step(fallbacks[parent], trie.node(parent).token(), node.token());
            found.set(node.id(), joined(node.ends(), found.get(fallbacks[node.id()])));
            whole[node.id()] =
                    found.get(node.id()).values().stream().mapToDouble(v -> v).sum();
            double gain = half[node.id()] + whole[node.id()];
            mostGain[node.token()] = Math.max(mostGain[node.token()], gain);
            mostStep[node.token()] = Math.max(mostStep[node.token()], gain - half[parent]);
        }
    }

    /** A term counts once where two ways to spell it end. */
    private static Map<Integer, Double> joined(Map<Integer, Double> ends, Map<Integer, Double> shorter) {
        if (ends.isEmpty() || shorter.isEmpty()) {
            return ends.isEmpty() ? shorter : ends;
        }
        var all = new HashMap<>(ends);
        shorter.forEach((term, bonus) -> all.merge(term, bonus, Math::max));
        return all;
    }

    public Pieces pieces() {
        return pieces;
    }

    /** The terms that have a character which no token has; they are not looked for. */
    public List<Term> unspellable() {
        return unspellable;
    }

    /** What was heard of the terms. @param node how far in which @param score the bonus so far */
    record Heard(int node, double score) {
        /** Whether the next token can change what the last ones gained. */
        boolean inTerm() {
            return node != ROOT;
        }
    }

    Heard start() {
        return new Heard(ROOT, 0);
    }

    /** One more token. @param previous the one before, {@link Pieces#BLANK} for none */
    Heard then(Heard before, int previous, int token) {
        int next = step(before.node, previous, token);
        if (before.node == ROOT && next == ROOT) {
            return before;
        }
        double gain = half[next] - half[before.node] + whole[next];
        boolean wordGoesOn = continues[token] && endsInWord[previous];
        return new Heard(next, before.score + gain - (wordGoesOn ? whole[before.node] : 0));
    }

    /** The bonus when nothing more comes. */
    double finished(Heard heard) {
        return heard.score - half[heard.node];
    }

    /** The most that this token can gain, whatever was before. */
    double mostGain(int token) {
        return mostGain[token];
    }

    /** The most that this token can gain on its own. */
    double mostStep(int token) {
        return mostStep[token];
    }

    private int step(int node, int previous, int token) {
        for (int at = node; at != ROOT; at = fallbacks[at]) {
            int child = child(at, token);
            if (child != ROOT) {
                return child;
            }
        }
        return startsWord(previous, token) ? child(ROOT, token) : ROOT;
    }

    private boolean startsWord(int previous, int token) {
        return !continues[token] || !endsInWord[previous];
    }

    /** The root when there is none. */
    private int child(int node, int token) {
        int at = Arrays.binarySearch(childTokens[node], token);
        return at < 0 ? ROOT : childNodes[node][at];
    }

    /** Tokens that stand for a term in the way it is said. @param from index of the first @param to behind the last */
    public record Replacement(int from, int to, String written) {}

    /** Where to write a term instead of how it is said: the first and longest, whole words only. */
    public List<Replacement> replacements(int... tokens) {
        var found = new ArrayList<Replacement>();
        for (int from = 0; from < tokens.length; ) {
            var longest = longest(tokens, from);
            longest.ifPresent(found::add);
            from = longest.map(Replacement::to).orElse(from + 1);
        }
        return found;
    }

    private Optional<Replacement> longest(int[] tokens, int from) {
        Optional<Replacement> longest = Optional.empty();
        if (!startsWord(from == 0 ? Pieces.BLANK : tokens[from - 1], tokens[from])) {
            return longest;
        }
        int node = child(ROOT, tokens[from]);
        for (int at = from; node != ROOT; at++) {
            boolean ends = at + 1 == tokens.length || startsWord(tokens[at], tokens[at + 1]);
            if (ends && !written[node].isEmpty()) {
                longest = Optional.of(new Replacement(from, at + 1, written[node]));
            }
            node = at + 1 == tokens.length ? ROOT : child(node, tokens[at + 1]);
        }
        return longest;
    }

    /** The text of tokens, terms that were heard as they are said replaced by how they are written. */
    public String text(int... tokens) {
        var text = new StringBuilder();
        int next = 0;
        for (var replacement : replacements(tokens)) {
            append(text, tokens, next, replacement.from());
            boolean spaced = pieces.texts().get(tokens[replacement.from()]).indexOf(Pieces.SPACE) == 0;
            text.append(spaced ? " " : "").append(replacement.written());
            next = replacement.to();
        }
        append(text, tokens, next, tokens.length);
        return Pieces.spaced(text);
    }

    private void append(StringBuilder text, int[] tokens, int from, int to) {
        for (int i = from; i < to; i++) {
            if (pieces.spoken(tokens[i])) {
                text.append(pieces.texts().get(tokens[i]));
            }
        }
    }
}
