package konsil.model;

import konsil.tensor.BadInputException;
import konsil.tensor.RopeTable;

/** What the numbers of a configuration must fulfil, whichever file they come from. */
public final class ConfigChecks {
    /** No size of a network comes near; it keeps products of two sizes within a long and allocations sane. */
    private static final int LARGEST = 1 << 24;

    private ConfigChecks() {}

    /** @throws BadInputException unless it is a size of at least 1 */
    public static void size(String name, int value) {
        that(value >= 1 && value <= LARGEST, "%s: want 1 to %d, got %d".formatted(name, LARGEST, value));
    }

    /** @throws BadInputException unless it is a finite number above 0 */
    public static void positive(String name, double value) {
        that(value > 0 && Double.isFinite(value), "%s: want a number above 0, got %s".formatted(name, value));
    }

    /** @throws BadInputException with these words unless it holds */
    public static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new BadInputException(otherwise);
        }
    }

    /** A table of angles, once its numbers are known to be usable. */
    public static RopeTable rope(int headDim, double theta, double factor) {
        size("head_dim", headDim);
        that(headDim % 2 == 0, "head_dim: want an even number, got %d".formatted(headDim));
        positive("rope_theta", theta);
        positive("rope factor", factor);
        return new RopeTable(headDim, theta, factor);
    }

    /** A word out of a file as an error may show it. */
    public static String shown(String word) {
        return word.substring(0, Math.min(60, word.length())).replaceAll("[^\\w.-]", "?");
    }
}
