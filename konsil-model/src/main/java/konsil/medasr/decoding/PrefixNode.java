package konsil.medasr.decoding;

import java.util.ArrayList;
import java.util.List;

/**
 * A sequence of tokens that is alive or that something alive begins with: a node of a tree of prefixes. Nodes leave the
 * tree when neither holds any more, so equal prefixes are always one node.
 */
final class PrefixNode {
    private final int token;
    private final Fusion.Said said;
    private final Terms.Heard heard;
    private final List<PrefixNode> children = new ArrayList<>(2);
    private PrefixNode parent;
    private boolean alive;
    private boolean touched;
    private Ends now = new Ends();
    private Ends next = new Ends();

    private PrefixNode(PrefixNode parent, int token, Fusion.Said said, Terms.Heard heard) {
        this.parent = parent;
        this.token = token;
        this.said = said;
        this.heard = heard;
    }

    static PrefixNode root(Fusion.Said said, Terms.Heard heard) {
        var root = new PrefixNode(null, Pieces.BLANK, said, heard);
        root.parent = root;
        root.now.begin();
        root.alive = true;
        return root;
    }

    PrefixNode addChild(int childToken, Fusion.Said childSaid, Terms.Heard childHeard) {
        var child = new PrefixNode(this, childToken, childSaid, childHeard);
        children.add(child);
        return child;
    }

    /** The child for a token; this node itself when there is none. */
    PrefixNode child(int wanted) {
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i).token == wanted) {
                return children.get(i);
            }
        }
        return this;
    }

    PrefixNode onlyChild() {
        return children.getFirst();
    }

    int childCount() {
        return children.size();
    }

    boolean isRoot() {
        return parent == this;
    }

    PrefixNode parent() {
        return parent;
    }

    /** Forgets all that is before this node. */
    void becomeRoot() {
        parent = this;
    }

    int token() {
        return token;
    }

    Fusion.Said said() {
        return said;
    }

    Terms.Heard heard() {
        return heard;
    }

    boolean alive() {
        return alive;
    }

    void setAlive(boolean value) {
        alive = value;
    }

    Ends now() {
        return now;
    }

    Ends next() {
        return next;
    }

    /** Whether it has ends in the next frame. @return false the first time */
    boolean touch() {
        boolean was = touched;
        touched = true;
        return was;
    }

    /** Takes the next frame for this one. */
    void step() {
        var old = now;
        now = next;
        next = old;
        next.clear();
        touched = false;
    }

    /** What the language model and the terms add. */
    double prior() {
        return said.score() + heard.score();
    }

    /** Takes this node out of the tree, and those above that were there for its sake. */
    void leaveUnlessNeeded() {
        var at = this;
        while (!at.isRoot() && !at.alive && at.children.isEmpty() && at.parent.children.remove(at)) {
            at = at.parent;
        }
    }

    /** So many tokens shorter; the root at most. */
    PrefixNode ancestor(int shorter) {
        var at = this;
        for (int i = 0; i < shorter; i++) {
            at = at.parent;
        }
        return at;
    }

    /** How many nodes there are from here on. */
    int size() {
        int size = 1;
        for (var child : children) {
            size += child.size();
        }
        return size;
    }

    /** How many tokens it is away from the root. */
    int depth() {
        int depth = 0;
        for (var at = this; !at.isRoot(); at = at.parent) {
            depth++;
        }
        return depth;
    }
}
