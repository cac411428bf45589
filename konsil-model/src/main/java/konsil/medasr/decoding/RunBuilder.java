package konsil.medasr.decoding;

import java.util.Arrays;

/** A run of tokens that grows at its end and is taken away from its beginning. */
final class RunBuilder {
    private int[] ids = new int[16];
    private int[] from = new int[16];
    private int[] to = new int[16];
    private int length;

    int length() {
        return length;
    }

    void add(int id, int firstFrame, int endFrame) {
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
            from = Arrays.copyOf(from, 2 * length);
            to = Arrays.copyOf(to, 2 * length);
        }
        ids[length] = id;
        from[length] = firstFrame;
        to[length++] = endFrame;
    }

    /** Moves the end of the last token. */
    void stretch(int endFrame) {
        to[length - 1] = endFrame;
    }

    TokenRun run(int start, int end) {
        return new TokenRun(
                Arrays.copyOfRange(ids, start, end),
                Arrays.copyOfRange(from, start, end),
                Arrays.copyOfRange(to, start, end));
    }

    /** The first tokens, which it forgets. */
    TokenRun take(int count) {
        var taken = run(0, count);
        length -= count;
        System.arraycopy(ids, count, ids, 0, length);
        System.arraycopy(from, count, from, 0, length);
        System.arraycopy(to, count, to, 0, length);
        return taken;
    }
}
