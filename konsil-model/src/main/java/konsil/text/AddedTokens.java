package konsil.text;

import java.util.List;

/** Finds added tokens in a text: the leftmost, and of those that start there the longest. A tree of characters. */
final class AddedTokens {
    private static final int ROOT = 1;

    private final LongTable edges;
    private final int[] tokenAt;
    private final long[] starts = new long[1 << 10];
    private final char space;

    /**
     * @param tokens the ones to look for
     * @param space what a space in the text counts as
     */
    AddedTokens(Vocabulary vocabulary, List<AddedToken> tokens, char space) {
        int[] shared = new int[tokens.size()];
        int most = 0;
        int longest = 0;
        for (int i = 0; i < shared.length; i++) {
            int id = tokens.get(i).id();
            shared[i] = i == 0 ? 0 : common(vocabulary, tokens.get(i - 1).id(), id);
            most = Math.addExact(most, vocabulary.length(id) - shared[i]);
            longest = Math.max(longest, vocabulary.length(id));
        }
        this.edges = new LongTable(most + 1);
        this.tokenAt = new int[most + 2];
        this.space = space;
        int[] path = new int[longest + 1];
        path[0] = ROOT;
        int nodes = ROOT + 1;
        for (int i = 0; i < shared.length; i++) {
            int id = tokens.get(i).id();
            for (int at = shared[i]; at < vocabulary.length(id); at++) {
                long edge = edge(path[at], spaced(vocabulary.charAt(id, at)));
                path[at + 1] = (int) edges.get(edge);
                if (path[at + 1] == LongTable.ABSENT) {
                    path[at + 1] = nodes++;
                    edges.put(edge, path[at + 1]);
                }
            }
            tokenAt[path[vocabulary.length(id)]] = id + 1;
            char first = spaced(vocabulary.first(id));
            starts[first >>> 6] |= 1L << first;
        }
    }

    /** How many characters two tokens begin with that are the same; neighbours often differ in the last alone. */
    private static int common(Vocabulary vocabulary, int one, int other) {
        int most = Math.min(vocabulary.length(one), vocabulary.length(other));
        int same = 0;
        while (same < most && vocabulary.charAt(one, same) == vocabulary.charAt(other, same)) {
            same++;
        }
        return same;
    }

    /**
     * The first place at or behind {@code from} where a token stands.
     *
     * @return the place, or {@code to} when there is none before it
     */
    int next(String text, int from, int to) {
        for (int at = from; at < to; at++) {
            char c = spaced(text.charAt(at));
            if ((starts[c >>> 6] & 1L << c) != 0 && match(text, at, to) != 0) {
                return at;
            }
        }
        return to;
    }

    /** The longest token that starts here: {@code id << 32 | length}; 0 when there is none. */
    long match(String text, int from, int to) {
        long node = ROOT;
        long found = 0;
        for (int at = from; at < to; at++) {
            node = edges.get(edge(node, spaced(text.charAt(at))));
            if (node == LongTable.ABSENT) {
                break;
            }
            if (tokenAt[(int) node] != 0) {
                found = tokenAt[(int) node] - 1L << 32 | at - from + 1;
            }
        }
        return found;
    }

    private char spaced(char c) {
        return c == ' ' ? space : c;
    }

    private static long edge(long node, char c) {
        return node << 16 | c;
    }
}
