package konsil.kernel;

import java.util.Arrays;

/**
 * Which keys each query sees: the positions {@code from[i] <= key < to[i]}. Causal, sliding and full attention and
 * blocks of image tokens that see each other are all such ranges, because each of them is contiguous and contains the
 * query itself. An empty range gives a row of zeros.
 */
public record KeyRanges(long[] from, long[] to) {
    public KeyRanges {
        if (from.length != to.length) {
            throw new SizeException("key ranges: %d starts, %d ends".formatted(from.length, to.length));
        }
    }

    public int queries() {
        return from.length;
    }

    /** Every query sees all {@code keys} keys. */
    public static KeyRanges full(int queries, int keys) {
        var to = new long[queries];
        Arrays.fill(to, keys);
        return new KeyRanges(new long[queries], to);
    }

    /**
     * Query i stands at position {@code first + i} and sees itself and what came before, at most {@code window} keys.
     *
     * @param window {@link Integer#MAX_VALUE} for no window
     */
    public static KeyRanges causal(int queries, long first, int window) {
        var from = new long[queries];
        var to = new long[queries];
        for (int i = 0; i < queries; i++) {
            from[i] = Math.max(0, first + i + 1 - window);
            to[i] = first + i + 1;
        }
        return new KeyRanges(from, to);
    }
}
