package konsil.medasr;

import konsil.tensor.BadInputException;

/** What the numbers of a configuration must fulfil. */
final class ConfigChecks {
    /** No size of a network comes near; it keeps products of two sizes within a long and allocations sane. */
    private static final int LARGEST = 1 << 20;

    private ConfigChecks() {}

    static void size(String name, int value) {
        that(value >= 1 && value <= LARGEST, "%s: want 1 to %d, got %d".formatted(name, LARGEST, value));
    }

    static void positive(String name, double value) {
        that(value > 0 && Double.isFinite(value), "%s: want a number above 0, got %s".formatted(name, value));
    }

    static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new BadInputException(otherwise);
        }
    }

    /** A word out of a file as an error may show it. */
    static String shown(String word) {
        return word.substring(0, Math.min(60, word.length())).replaceAll("[^\\w.-]", "?");
    }
}
