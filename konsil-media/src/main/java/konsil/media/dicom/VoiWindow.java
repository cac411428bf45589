package konsil.media.dicom;

import java.util.Optional;

/**
 * A window (PS3.3 section C.11.2.1.2): which values become black, white and what lies between.
 *
 * @param center in units of the rescaled value, HU for CT
 * @param width above 0, at least 1 for {@link Function#LINEAR}
 */
public record VoiWindow(double center, double width, Function function) {
    /** The shape between black and white (section C.11.2.1.3). */
    public enum Function {
        LINEAR,
        LINEAR_EXACT,
        SIGMOID
    }

    public VoiWindow {
        if (!isPossible(center, width, function)) {
            throw new IllegalArgumentException("window: want a width above 0, got %s".formatted(width));
        }
    }

    private static boolean isPossible(double center, double width, Function function) {
        return Double.isFinite(center)
                && Double.isFinite(width)
                && (function == Function.LINEAR ? width >= 1 : width > 0);
    }

    /** What a file says; none when it makes no sense. A width below 1 is taken as exact, as its writer means it. */
    static Optional<VoiWindow> of(double center, double width, String function) {
        Function shape =
                switch (function) {
                    case "SIGMOID" -> Function.SIGMOID;
                    case "LINEAR_EXACT" -> Function.LINEAR_EXACT;
                    default -> width < 1 ? Function.LINEAR_EXACT : Function.LINEAR;
                };
        return isPossible(center, width, shape) ? Optional.of(new VoiWindow(center, width, shape)) : Optional.empty();
    }

    /**
     * A value as a share of white.
     *
     * @return 0 to 1, values outside the window clamped
     */
    public double share(double value) {
        return switch (function) {
            case LINEAR -> linear(value);
            case LINEAR_EXACT -> Math.clamp((value - center) / width + 0.5, 0, 1);
            case SIGMOID -> 1 / (1 + Math.exp(-4 * (value - center) / width));
        };
    }

    private double linear(double value) {
        double low = center - 0.5 - (width - 1) / 2;
        double high = center - 0.5 + (width - 1) / 2;
        return value <= low ? 0 : value > high ? 1 : Math.clamp((value - (center - 0.5)) / (width - 1) + 0.5, 0, 1);
    }

    /** An 8-bit grey level, rounded. */
    public int grey(double value) {
        return (int) (255 * share(value) + 0.5);
    }
}
