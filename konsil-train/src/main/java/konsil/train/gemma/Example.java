package konsil.train.gemma;

import java.util.List;
import konsil.medgemma.TokenSequence;
import konsil.train.CrossEntropy;

/**
 * What is read and what is to be learnt from it.
 *
 * @param images of the sequence, in order
 * @param labels for each token the id that should follow it, or {@link CrossEntropy#IGNORED}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Example(TokenSequence sequence, List<ExampleImage> images, int[] labels) {
    public Example {
        images = List.copyOf(images);
        if (labels.length != sequence.size() || images.size() != sequence.images()) {
            throw new IllegalArgumentException("example: %d tokens and %d images, got %d labels and %d images"
                    .formatted(sequence.size(), sequence.images(), labels.length, images.size()));
        }
    }

    /** How many tokens are to be learnt. */
    public int learnt() {
        return CrossEntropy.counted(labels);
    }
}
