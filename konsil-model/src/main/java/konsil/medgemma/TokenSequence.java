package konsil.medgemma;

import java.util.Arrays;
import java.util.stream.IntStream;
import konsil.tensor.BadInputException;
import konsil.tensor.Mask;

/**
 * The tokens of a whole sequence, and which of them stand for images. Images are numbered from 0 in the order in which
 * they come.
 */
public final class TokenSequence {
    private static final int TEXT = -1;

    private final int[] ids;
    private final int[] imageOf;
    private final int images;

    private TokenSequence(int[] ids, int[] imageOf, int images) {
        this.ids = ids;
        this.imageOf = imageOf;
        this.images = images;
    }

    /** Words alone. */
    public static TokenSequence ofText(int... ids) {
        var imageOf = new int[ids.length];
        Arrays.fill(imageOf, TEXT);
        return new TokenSequence(ids.clone(), imageOf, 0);
    }

    /**
     * Words and images, for a model's configuration: every run of soft tokens is an image.
     *
     * @throws BadInputException when a run is not as long as an image
     */
    public static TokenSequence of(MedGemmaConfig config, int... ids) {
        return config.images().map(images -> of(images, ids)).orElseGet(() -> ofText(ids));
    }

    private static TokenSequence of(ImageConfig config, int[] ids) {
        var imageOf = new int[ids.length];
        Arrays.fill(imageOf, TEXT);
        int images = 0;
        for (int p = 0; p < ids.length; p++) {
            if (ids[p] != config.softToken()) {
                continue;
            }
            int end = p;
            while (end < ids.length && ids[end] == config.softToken()) {
                end++;
            }
            if (end - p != config.tokensPerImage()) {
                throw new BadInputException("token %d: %d image soft tokens in a row, want %d for each image"
                        .formatted(p, end - p, config.tokensPerImage()));
            }
            Arrays.fill(imageOf, p, end, images++);
            p = end;
        }
        return new TokenSequence(ids.clone(), imageOf, images);
    }

    public int size() {
        return ids.length;
    }

    public int id(int position) {
        return ids[position];
    }

    public int[] ids() {
        return ids.clone();
    }

    /** The image that the token at this position belongs to, or a negative number for a word. */
    public int imageOf(int position) {
        return imageOf[position];
    }

    public int images() {
        return images;
    }

    /** Who sees whom, on global layers. */
    public Mask mask() {
        return Mask.causal(imageOf);
    }

    /** Ids to look up for positions {@code from} to {@code to - 1}; 0 for soft tokens, whose row is replaced. */
    public int[] words(int from, int to) {
        return IntStream.range(from, to).map(p -> imageOf[p] < 0 ? ids[p] : 0).toArray();
    }

    /** Positions of soft tokens among {@code from} to {@code to - 1}, rising. */
    public int[] softPositions(int from, int to) {
        return IntStream.range(from, to).filter(p -> imageOf[p] >= 0).toArray();
    }

    /** Which of its image's soft tokens the one at this position is, counted from 0. */
    public int softIndex(int position) {
        int first = position;
        while (first > 0 && imageOf[first - 1] == imageOf[position]) {
            first--;
        }
        return position - first;
    }

    /**
     * How many tokens this and another sequence begin with in common. An image counts wholly or not at all; whether it
     * shows the same in both the caller knows.
     */
    public int commonPrefix(TokenSequence other) {
        int most = Math.min(size(), other.size());
        int same = 0;
        while (same < most && ids[same] == other.ids[same]) {
            same++;
        }
        while (cutsAnImage(same) || other.cutsAnImage(same)) {
            same--;
        }
        return same;
    }

    private boolean cutsAnImage(int position) {
        return position > 0
                && position < size()
                && imageOf[position] >= 0
                && imageOf[position] == imageOf[position - 1];
    }
}
