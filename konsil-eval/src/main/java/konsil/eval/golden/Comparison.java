package konsil.eval.golden;

import java.util.OptionalDouble;

/**
 * One stage of one case held against its golden values.
 *
 * @param stage what was compared, as its golden values are named
 * @param difference the largest difference, relative to the largest golden value; infinite when the values cannot be
 *     compared one by one; empty when nothing was compared
 * @param cosine of the angle between all values and the golden ones, where that says something
 * @param note what a reader should know besides, empty if nothing
 */
public record Comparison(String stage, Outcome outcome, OptionalDouble difference, OptionalDouble cosine, String note) {
    /** What came of it. */
    public enum Outcome {
        /** The same, or within the tolerance. */
        PASSED,
        /** Not within the tolerance. */
        OFF,
        /** Measured, but judged over all cases together or not at all. */
        SHOWN,
        /** Nothing to compare with, or not possible; the note says why. */
        SKIPPED
    }

    static Comparison skipped(String stage, String why) {
        return new Comparison(stage, Outcome.SKIPPED, OptionalDouble.empty(), OptionalDouble.empty(), why);
    }

    /** For values that must be the same. @param note says more when they are not */
    static Comparison same(String stage, boolean same, double difference, String note) {
        return new Comparison(
                stage,
                same ? Outcome.PASSED : Outcome.OFF,
                OptionalDouble.of(difference),
                OptionalDouble.empty(),
                same ? "" : note);
    }

    boolean off() {
        return outcome == Outcome.OFF;
    }
}
