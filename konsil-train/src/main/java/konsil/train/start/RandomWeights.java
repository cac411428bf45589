package konsil.train.start;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a MedGemma begins with. Matrices are normal with the deviation 1 / sqrt(fan-in), so that values keep their size
 * from layer to layer; embeddings with 1 / sqrt(columns), which Gemma's factor turns into 1; norms pass on, biases are
 * zero. (transformers draws every matrix with 0.02, which suits widths of thousands, and leaves the projector at zero.)
 */
final class RandomWeights {
    private static final double POSITIONS = 0.02;

    private final SplittableRandom random;

    RandomWeights(long seed) {
        random = new SplittableRandom(seed);
    }

    /** @param name as published; @param shape as published */
    float[] of(String name, List<Long> shape) {
        var values = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
        if (shape.size() == 1) {
            Arrays.fill(values, constant(name));
        } else {
            double deviation = deviation(name, shape);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
        }
        return values;
    }

    /** Gemma stores what is added to one; layer norms what is multiplied by. */
    private static float constant(String name) {
        if (name.endsWith(".bias")) {
            return 0;
        }
        boolean beyondOne = name.contains("language_model.") || name.startsWith("model.") || name.contains("mm_soft");
        return beyondOne ? 0 : 1;
    }

    private static double deviation(String name, List<Long> shape) {
        if (name.contains("position_embedding")) {
            return POSITIONS;
        }
        boolean inFirst = name.endsWith("mm_input_projection_weight");
        long fanIn = inFirst ? shape.getFirst() : shape.stream().skip(1).reduce(1L, Math::multiplyExact);
        return 1 / Math.sqrt((double) fanIn);
    }
}
