package konsil.eval.golden;

import java.util.List;
import konsil.medgemma.SoftTokens;

/**
 * A case that can be run.
 *
 * @param values to compare with
 * @param images its images as the decoder sees them; empty until they are encoded
 * @param greedy whether its greedy ids belong to the weights that are verified
 */
record ReadyCase(GoldenCase golden, GoldenValues values, List<SoftTokens> images, boolean greedy) {
    ReadyCase {
        images = List.copyOf(images);
    }

    ReadyCase with(List<SoftTokens> encoded) {
        return new ReadyCase(golden, values, encoded, greedy);
    }
}
