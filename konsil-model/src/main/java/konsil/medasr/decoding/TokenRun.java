package konsil.medasr.decoding;

import java.util.Arrays;

/**
 * Tokens in a row, each with the frames of 40 ms in which it was heard, counted from the first frame of the search.
 *
 * @param ids never blank
 * @param from the first frame of each
 * @param to the frame behind the last of each
 */
public record TokenRun(int[] ids, int[] from, int[] to) {
    static final TokenRun EMPTY = new TokenRun(new int[0], new int[0], new int[0]);

    public TokenRun {
        if (ids.length != from.length || ids.length != to.length) {
            throw new IllegalArgumentException("a run wants as many frames as tokens");
        }
    }

    public int length() {
        return ids.length;
    }

    /** This run and another one behind it. */
    public TokenRun then(TokenRun next) {
        return new TokenRun(joined(ids, next.ids), joined(from, next.from), joined(to, next.to));
    }

    private static int[] joined(int[] first, int[] second) {
        int[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenRun run
                && Arrays.equals(ids, run.ids)
                && Arrays.equals(from, run.from)
                && Arrays.equals(to, run.to);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "TokenRun%s".formatted(Arrays.toString(ids));
    }
}
