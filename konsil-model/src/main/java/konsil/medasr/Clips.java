package konsil.medasr;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Several clips side by side in one tensor of log-mel frames, as training runs them: one after the other, each followed
 * by frames of anything up to a multiple of the subsampler's step, so that none of a clip's windows begins in another.
 *
 * @param features frames of each
 * @param subsampling of the network that they are for
 */
@SuppressWarnings("ArrayRecordComponent")
public record Clips(int[] features, EncoderConfig.Subsampling subsampling) {
    /** @throws IllegalArgumentException when there is none, or one is too short for a frame of the output */
    public Clips {
        if (features.length == 0 || Arrays.stream(features).anyMatch(frames -> subsampling.frames(frames) < 1)) {
            throw new IllegalArgumentException("want clips of at least %d frames, got %s"
                    .formatted(subsampling.span(), Arrays.toString(features)));
        }
        features = features.clone();
    }

    /** Rows from where a clip begins to where the next one does. */
    public int room(int clip) {
        return Math.ceilDiv(features[clip], subsampling.step()) * subsampling.step();
    }

    /** Rows of the tensor. */
    public int rows() {
        return IntStream.range(0, features.length).map(this::room).sum();
    }

    /** Frames of the output of each clip. */
    public int[] lengths() {
        return Arrays.stream(features).map(subsampling::frames).toArray();
    }

    /** What positions count from, anew in each clip. */
    long[] positions() {
        return Arrays.stream(lengths())
                .flatMap(length -> IntStream.range(0, length))
                .asLongStream()
                .toArray();
    }

    /** Those rows of the subsampled tensor that saw one clip alone. */
    int[] whole() {
        int[] lengths = lengths();
        int[] rows = new int[Arrays.stream(lengths).sum()];
        int to = 0;
        int from = 0;
        for (int clip = 0; clip < lengths.length; clip++) {
            for (int i = 0; i < lengths[clip]; i++) {
                rows[to++] = from + i;
            }
            from += room(clip) / subsampling.step();
        }
        return rows;
    }
}
