package konsil.eval.golden;

import java.util.List;
import java.util.Optional;

/**
 * One prompt of a golden directory.
 *
 * @param prompt the text that became the ids, if the directory says so
 * @param ids of the whole prompt, soft tokens of images included
 * @param images names of the images, in the order of the prompt
 * @param greedy ids that follow when the likeliest is always taken; empty if unknown
 */
record GoldenCase(String name, Optional<String> prompt, int[] ids, List<String> images, int[] greedy) {
    GoldenCase {
        images = List.copyOf(images);
    }
}
