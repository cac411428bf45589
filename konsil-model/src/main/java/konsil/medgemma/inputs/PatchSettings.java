package konsil.medgemma.inputs;

import java.util.OptionalDouble;
import konsil.tensor.BadInputException;

/**
 * Which patches of a slide the model is shown.
 *
 * @param magnification 5, 10 or 20: 10 micrometres divided by it from pixel to pixel
 * @param most patches; of more, as many by chance
 * @param seed of that chance
 * @param brightest mean luminance, 0 to 1, up to which a patch is tissue and not glass
 * @param micrometresPerPixel of the largest level, where the file does not say or says it wrong
 */
public record PatchSettings(
        double magnification, int most, long seed, double brightest, OptionalDouble micrometresPerPixel) {
    /** Side of a patch in pixels: what the vision tower takes. */
    public static final int SIDE = 896;

    /** As many as MedGemma 1.5 was trained with: 32,256 soft tokens. */
    public static final int PUBLISHED_MOST = 126;

    /** @throws BadInputException when a number cannot be used */
    public PatchSettings {
        double size = micrometresPerPixel.orElse(1);
        if (!(magnification >= 0.5 && magnification <= 80)
                || most < 1
                || !(brightest > 0 && brightest <= 1)
                || !(size > 0 && size < 1000)) {
            throw new BadInputException(
                    "patches: want a magnification of 0.5 to 80, at least 1 patch and a brightness of 0"
                            + " to 1, got %s, %d and %s".formatted(magnification, most, brightest));
        }
    }

    /** 10 fold, at most 126, luminance up to 0.8 (EZ-WSI). */
    public static PatchSettings published() {
        return at(10);
    }

    public static PatchSettings at(double magnification) {
        return new PatchSettings(magnification, PUBLISHED_MOST, 0, 0.8, OptionalDouble.empty());
    }

    /** Micrometres from pixel to pixel of a patch. */
    double micrometres() {
        return 10 / magnification;
    }
}
