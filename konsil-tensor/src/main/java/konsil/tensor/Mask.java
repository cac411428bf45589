package konsil.tensor;

import java.util.Arrays;
import java.util.HashSet;
import konsil.kernel.KeyRanges;

/**
 * Which token sees which, for a whole sequence; training, prefill in chunks and decoding ask the same value.
 *
 * <p>A full mask lets every token see every token (vision tower, Conformer); one of pieces does so within each of
 * several sequences that lie one after the other. A causal mask lets a token see itself,
 * what came before and the rest of its own image; a window, if there is one, limits how far it looks back, within its
 * image, too, but not how far it looks ahead (Gemma 3: "causal or same image", AND-ed on sliding layers with q - k
 * smaller than the window; create_masks_for_vision_model of transformers 5, create_attention_mask of gemma_pytorch).
 * What a token sees is contiguous and holds the token itself.
 */
public final class Mask {
    private static final Mask FULL = new Mask(false, new int[0], Integer.MAX_VALUE);
    private static final Mask CAUSAL = new Mask(true, new int[0], Integer.MAX_VALUE);

    private final boolean causal;

    /**
     * imageOf[p] is the image that the token at position p belongs to, negative for text; text beyond the end. In a
     * mask of pieces, the piece.
     */
    private final int[] imageOf;

    private final int window;

    private Mask(boolean causal, int[] imageOf, int window) {
        this.causal = causal;
        this.imageOf = imageOf;
        this.window = window;
    }

    /** Every token sees every token; for sequences that are run in one piece. */
    public static Mask full() {
        return FULL;
    }

    /**
     * Several sequences one after the other, each of which sees itself alone, and all of itself; for sequences that are
     * run in one piece.
     *
     * @param lengths of each
     */
    public static Mask pieces(int... lengths) {
        int[] pieceOf = new int[Arrays.stream(lengths).sum()];
        int at = 0;
        for (int piece = 0; piece < lengths.length; piece++) {
            Arrays.fill(pieceOf, at, at + lengths[piece], piece);
            at += lengths[piece];
        }
        return lengths.length == 1 ? FULL : new Mask(false, pieceOf, Integer.MAX_VALUE);
    }

    /** Text alone. */
    public static Mask causal() {
        return CAUSAL;
    }

    /**
     * Text with images.
     *
     * @param imageOf for each position from 0 on, the number of the image its token belongs to, or a negative number
     *     for text; positions beyond the end are text
     * @throws IllegalArgumentException when the tokens of an image are not next to each other
     */
    public static Mask causal(int[] imageOf) {
        var seen = new HashSet<Integer>();
        for (int p = 0; p < imageOf.length; p++) {
            boolean begins = imageOf[p] >= 0 && (p == 0 || imageOf[p - 1] != imageOf[p]);
            if (begins && !seen.add(imageOf[p])) {
                throw new IllegalArgumentException(
                        "mask: image %d begins a second time at position %d".formatted(imageOf[p], p));
            }
        }
        return new Mask(true, imageOf.clone(), Integer.MAX_VALUE);
    }

    /**
     * The same with a sliding window.
     *
     * @param tokens how many tokens are seen to the left, the token itself included; Integer.MAX_VALUE for no window
     */
    public Mask window(int tokens) {
        if (!causal || tokens < 1) {
            throw new IllegalArgumentException("mask: want a causal mask and a window >= 1, got " + tokens);
        }
        return new Mask(true, imageOf, tokens);
    }

    /** The definition, which {@link #ranges} must agree with. */
    public boolean sees(long query, long key) {
        if (!causal) {
            return imageOf.length == 0 || sameImage(query, key);
        }
        return (key <= query || sameImage(query, key)) && query - key < window;
    }

    private boolean sameImage(long a, long b) {
        return image(a) >= 0 && image(a) == image(b);
    }

    private int image(long position) {
        return position < imageOf.length ? imageOf[(int) position] : -1;
    }

    /**
     * What the tokens at positions {@code first} to {@code first + count - 1} see, when keys are known up to the last
     * of them.
     *
     * @throws IllegalArgumentException when the chunk cuts an image, or a full mask is asked for a later chunk: tokens
     *     would miss keys that they should see
     */
    public KeyRanges ranges(long first, int count) {
        if (!causal) {
            if (first != 0) {
                throw new IllegalArgumentException(
                        "mask: a full mask works on whole sequences, not from " + first + " on");
            }
            return imageOf.length == 0 ? KeyRanges.full(count, count) : pieceRanges(count);
        }
        if (count > 0 && (cuts(first) || cuts(first + count))) {
            throw new IllegalArgumentException(
                    "mask: positions %d to %d cut an image in two".formatted(first, first + count - 1));
        }
        var ranges = KeyRanges.causal(count, first, window);
        if (first < imageOf.length) {
            widenToImages(ranges, first);
        }
        return ranges;
    }

    private KeyRanges pieceRanges(int count) {
        if (count != imageOf.length) {
            throw new IllegalArgumentException(
                    "mask: pieces of %d tokens in all, asked for %d".formatted(imageOf.length, count));
        }
        var ranges = new KeyRanges(new long[count], new long[count]);
        for (int p = 0; p < count; ) {
            int end = endOfImage(p);
            Arrays.fill(ranges.from(), p, end, p);
            Arrays.fill(ranges.to(), p, end, end);
            p = end;
        }
        return ranges;
    }

    private void widenToImages(KeyRanges ranges, long first) {
        int end = (int) Math.min(imageOf.length, first + ranges.queries());
        for (int p = (int) first; p < end; ) {
            int after = endOfImage(p);
            for (int query = p; imageOf[p] >= 0 && query < after; query++) {
                ranges.to()[query - (int) first] = after;
            }
            p = after;
        }
    }

    /** The position after the image that {@code position} lies in; for text, the next position. */
    private int endOfImage(int position) {
        int end = position + 1;
        while (imageOf[position] >= 0 && end < imageOf.length && imageOf[end] == imageOf[position]) {
            end++;
        }
        return end;
    }

    /** Whether an image has tokens on both sides of the start of {@code position}. */
    private boolean cuts(long position) {
        return position > 0 && sameImage(position - 1, position);
    }

    /**
     * How long the next chunk may be: the most positions from {@code first} on, at most {@code most}, that cut no
     * image.
     *
     * @throws IllegalArgumentException when the image at {@code first} alone is longer
     */
    public int chunk(long first, int most) {
        int count = most;
        while (count > 0 && cuts(first + count)) {
            count--;
        }
        if (count <= 0) {
            throw new IllegalArgumentException(
                    "mask: a chunk of %d positions cannot hold the image at position %d".formatted(most, first));
        }
        return count;
    }

    @Override
    public String toString() {
        long images = Arrays.stream(imageOf).filter(i -> i >= 0).distinct().count();
        String limit = window == Integer.MAX_VALUE ? "" : ", window " + window;
        if (!causal) {
            return imageOf.length == 0 ? "full" : "%d pieces".formatted(images);
        }
        return "causal, %d images%s".formatted(images, limit);
    }
}
