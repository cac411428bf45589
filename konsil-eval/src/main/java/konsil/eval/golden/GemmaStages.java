package konsil.eval.golden;

import java.util.List;
import java.util.Set;

/** Names of the stages of a Gemma 3, in the order in which it computes; golden files name their values so. */
final class GemmaStages {
    static final String IDS = "ids";
    static final String PIXELS = "pixels";
    static final String VISION = "vision_last_hidden";
    static final String FEATURES = "image_features";
    static final String LOGITS = "logits_last";
    static final String ARGMAX = "logits_all_argmax";
    static final String LOSS = "loss";
    static final String GREEDY = "greedy";

    /** Those that the decoder computes. */
    static final List<String> TEXT = List.of(LOGITS, ARGMAX, LOSS, GREEDY);

    /** Those whose values lie in a case's tensors. */
    static final Set<String> TENSORS = Set.of(VISION, FEATURES, LOGITS, ARGMAX, LOSS);

    private GemmaStages() {}
}
