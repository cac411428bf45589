package konsil.phantom.text;

import java.util.Locale;

/**
 * One test that a laboratory does.
 *
 * @param low end of the reference range
 * @param high end of the reference range
 * @param decimals of a result
 */
record LabTest(String name, String unit, double low, double high, int decimals) {
    /** The reference range as printed. */
    String range() {
        return written(low) + " - " + written(high);
    }

    String written(double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** Mostly within the range, else up to as far below or above as the range is wide; never negative. */
    double value(Chance chance) {
        double width = high - low;
        double at = chance.happens(0.6)
                ? chance.between(low, high)
                : chance.happens(0.5)
                        ? low - chance.between(0.05, 0.8) * width
                        : high + chance.between(0.05, 1) * width;
        return Math.max(at, Math.pow(10, -decimals));
    }
}
