package konsil.text;

import java.util.function.IntPredicate;

/** Finds the pieces that a place of a text begins with. A tree of characters; immutable. */
final class PieceTrie {
    private static final int ROOT = 1;

    private final LongTable edges;
    private final int[] pieceAt;

    /** Is told of a piece. */
    interface Found {
        void piece(int end, int id);
    }

    /** @param wanted which tokens of the vocabulary are pieces */
    PieceTrie(Vocabulary vocabulary, IntPredicate wanted) {
        int characters = vocabulary.chars().length;
        edges = new LongTable(characters + 1);
        pieceAt = new int[characters + 2];
        int nodes = ROOT + 1;
        for (int id = 0; id < vocabulary.size(); id++) {
            if (!wanted.test(id)) {
                continue;
            }
            int node = ROOT;
            for (int at = 0; at < vocabulary.length(id); at++) {
                long edge = edge(node, vocabulary.charAt(id, at));
                int next = (int) edges.get(edge);
                if (next == LongTable.ABSENT) {
                    next = nodes++;
                    edges.put(edge, next);
                }
                node = next;
            }
            pieceAt[node] = id + 1;
        }
    }

    /**
     * Tells of all pieces that begin here, the shortest first.
     *
     * @param single where a certain piece would end
     * @return whether one ends there
     */
    boolean prefixes(String text, int from, Found found, int single) {
        long node = ROOT;
        boolean there = false;
        for (int at = from; at < text.length(); at++) {
            node = edges.get(edge(node, text.charAt(at)));
            if (node == LongTable.ABSENT) {
                break;
            }
            if (pieceAt[(int) node] != 0) {
                there |= at + 1 == single;
                found.piece(at + 1, pieceAt[(int) node] - 1);
            }
        }
        return there;
    }

    private static long edge(long node, char c) {
        return node << 16 | c;
    }
}
