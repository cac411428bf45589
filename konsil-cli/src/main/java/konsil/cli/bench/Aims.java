package konsil.cli.bench;

import java.util.Optional;
import konsil.kernel.WeightFormat;

/**
 * What a model is to reach, on a core of 2 GHz and more with AVX-512 and 8-bit dot products.
 *
 * @param published whether the model has a published shape; a small one for trying out has no aims
 * @param format of the text's matrices
 * @param cores that work together, each of which is to add {@link #PER_CORE} of what one reaches alone
 */
record Aims(boolean published, WeightFormat format, int cores) {
    /** What each of several cores is to do of what one does alone. */
    static final double PER_CORE = 0.85;

    private Optional<Figure.Aim> ifPublished(Figure.Aim aim) {
        return published ? Optional.of(aim) : Optional.empty();
    }

    private double many() {
        return cores == 1 ? 1 : PER_CORE * cores;
    }

    /** Tokens of a prompt in a second. */
    Optional<Figure.Aim> prompt() {
        double tokens =
                switch (format) {
                    case F32 -> 15;
                    case BF16 -> 30;
                    case Q8_0 -> 44;
                    case Q4_0 -> 42;
                };
        return ifPublished(Figure.atLeast(tokens * many()));
    }

    /** An answer is as fast as its weights are read. */
    Optional<Figure.Aim> answer() {
        return ifPublished(Figure.shareAtLeast(format == WeightFormat.Q4_0 ? 80 : 90));
    }

    /** Four answers at once, beside one. */
    Optional<Figure.Aim> batch() {
        return ifPublished(Figure.shareAtLeast(250));
    }

    /** Seconds for an image. */
    Optional<Figure.Aim> image(boolean int8) {
        return ifPublished(Figure.atMost((int8 ? 25 : 32) / many()));
    }

    /** The first word of an answer to a second question, beside the first. */
    Optional<Figure.Aim> followUp() {
        return ifPublished(Figure.shareAtMost(1));
    }

    /** Memory, beside weights and cache: 15 % of the weights are free for everything else. */
    Optional<Figure.Aim> memory(double weights, double cache) {
        return ifPublished(Figure.shareAtMost(100 * (1.15 * weights + cache) / (weights + cache)));
    }
}
