package konsil.medasr.decoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konsil.tensor.BadInputException;

/** The ways to spell all terms as a tree of tokens, while it grows. Node 0 is the root. */
final class TermTrie {
    static final int MOST_NODES = 1 << 20;

    private final List<Node> nodes = new ArrayList<>();

    TermTrie() {
        nodes.add(new Node(0, 0, Pieces.BLANK, 0));
    }

    /** A node: the tokens from the root to here, and the terms that are whole here with their bonus. */
    static final class Node {
        private final int id;
        private final int parent;
        private final int token;
        private final int depth;
        private final TreeMap<Integer, Node> children = new TreeMap<>();
        private final Map<Integer, Double> ends = new HashMap<>();
        private String written = "";
        private double ahead;

        private Node(int id, int parent, int token, int depth) {
            this.id = id;
            this.parent = parent;
            this.token = token;
            this.depth = depth;
        }

        int id() {
            return id;
        }

        int parent() {
            return parent;
        }

        int token() {
            return token;
        }

        /** By token, in their order. */
        Map<Integer, Node> children() {
            return children;
        }

        /** Bonus by number of the term. */
        Map<Integer, Double> ends() {
            return ends;
        }

        /** What to write instead of these tokens; empty for nothing. */
        String written() {
            return written;
        }

        /** The bonus of having come so far on the way to the best of the longer terms. */
        double half() {
            return ahead * depth;
        }
    }

    /**
     * @param term its number
     * @param step the bonus for each token
     * @param written what to write instead, empty to leave it
     */
    void add(int[] tokens, int term, double step, String written) {
        var at = nodes.getFirst();
        for (int token : tokens) {
            at.ahead = Math.max(at.ahead, step);
            at = child(at, token);
        }
        at.ends.merge(term, step * tokens.length, Math::max);
        at.written = at.written.isEmpty() ? written : at.written;
    }

    private Node child(Node parent, int token) {
        var child = parent.children.get(token);
        if (child == null) {
            if (nodes.size() == MOST_NODES) {
                throw new BadInputException("the terms take more than %d tokens; leave some out".formatted(MOST_NODES));
            }
            child = new Node(nodes.size(), parent.id, token, parent.depth + 1);
            nodes.add(child);
            parent.children.put(token, child);
        }
        return child;
    }

    int size() {
        return nodes.size();
    }

    Node node(int id) {
        return nodes.get(id);
    }

    /** Every node behind its parent and behind all that are less deep. */
    List<Node> byDepth() {
        var order = new ArrayList<Node>(nodes.size());
        order.add(nodes.getFirst());
        for (int i = 0; i < order.size(); i++) {
            order.addAll(order.get(i).children.values());
        }
        return order;
    }
}
