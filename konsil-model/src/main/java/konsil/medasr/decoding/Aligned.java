package konsil.medasr.decoding;

/** The last token of the most likely way to hear a prefix, with its frames, linked to the one before. */
final class Aligned {
    private final int token;
    private final int from;
    private final int to;
    private Aligned before;

    Aligned(Aligned before, int token, int from, int to) {
        this.before = before;
        this.token = token;
        this.from = from;
        this.to = to;
    }

    /** The same, heard for longer. */
    Aligned until(int frame) {
        return new Aligned(before, token, from, frame);
    }

    /** The last tokens of a path, in their order. @param path where it ends */
    static TokenRun last(Aligned path, int count) {
        var ids = new int[count];
        var from = new int[count];
        var to = new int[count];
        var at = path;
        for (int i = count - 1; i >= 0; i--, at = at.before) {
            ids[i] = at.token;
            from[i] = at.from;
            to[i] = at.to;
        }
        return new TokenRun(ids, from, to);
    }

    /** A path without all but its last tokens. @param path where it ends */
    static Aligned keep(Aligned path, int count) {
        if (count == 0) {
            return START;
        }
        var at = path;
        for (int i = 1; i < count; i++) {
            at = at.before;
        }
        at.before = START;
        return path;
    }

    /** Before the first token. */
    static final Aligned START = new Aligned(null, Pieces.BLANK, 0, 0);
}
