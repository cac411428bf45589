package konsil.eval.golden;

import java.util.Optional;
import java.util.OptionalDouble;
import konsil.eval.golden.Comparison.Outcome;

/** Says of values whether they are near enough. @param exact whether every single one must be within the tolerance */
record Judge(boolean exact) {
    private static final String ABSENT = "not in the golden directory";

    /** Many values. */
    Comparison values(String stage, float[] actual, float[] golden) {
        if (actual.length != golden.length) {
            return wrongLength(stage, actual.length, golden.length);
        }
        var cosine = OptionalDouble.of(Distance.cosine(actual, golden));
        return of(stage, Distance.relative(actual, golden), cosine, "");
    }

    /** One value. */
    Comparison number(String stage, double actual, float[] golden) {
        if (golden.length != 1) {
            return wrongLength(stage, 1, golden.length);
        }
        double difference = Distance.relative(Math.abs(actual - golden[0]), Math.abs((double) golden[0]));
        return of(stage, difference, OptionalDouble.empty(), "");
    }

    /**
     * Ids that are the likeliest.
     *
     * @param lacks the most that a golden id lacks to be the likeliest, see {@link Distance#lacks}
     * @param others how many golden ids are not the likeliest
     * @param count of all
     */
    Comparison ids(String stage, double lacks, int others, int count) {
        String note = others == 0 ? "" : "%d of %d ids are others".formatted(others, count);
        return of(stage, lacks, OptionalDouble.empty(), note);
    }

    static Comparison wrongLength(String stage, int actual, int golden) {
        return Comparison.same(
                stage, false, Double.POSITIVE_INFINITY, "want %d values, got %d".formatted(golden, actual));
    }

    private Comparison of(String stage, double difference, OptionalDouble cosine, String note) {
        boolean near = difference <= VerifySettings.TOLERANCE;
        var outcome = exact ? near ? Outcome.PASSED : Outcome.OFF : Outcome.SHOWN;
        return new Comparison(stage, outcome, OptionalDouble.of(difference), cosine, note);
    }

    /** A stage is skipped when the directory has no values for it. */
    static Comparison absent(String stage) {
        return Comparison.skipped(stage, ABSENT);
    }

    /** What is there to compare with, of which a comparison is made. */
    interface Maker {
        Comparison of(float[] golden);
    }

    static Comparison ifThere(String stage, Optional<float[]> golden, Maker maker) {
        return golden.map(maker::of).orElseGet(() -> absent(stage));
    }
}
