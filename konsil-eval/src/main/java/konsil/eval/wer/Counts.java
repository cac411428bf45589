package konsil.eval.wer;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/** How often each step occurs; sums of them give the pooled rate of many utterances. */
public record Counts(long hits, long substitutions, long deletions, long insertions) {
    /** Of nothing. */
    public static final Counts ZERO = new Counts(0, 0, 0, 0);

    /** Counts an alignment. */
    public static Counts of(List<Edit> edits) {
        return new Counts(
                Collections.frequency(edits, Edit.HIT),
                Collections.frequency(edits, Edit.SUBSTITUTION),
                Collections.frequency(edits, Edit.DELETION),
                Collections.frequency(edits, Edit.INSERTION));
    }

    public Counts plus(Counts other) {
        return new Counts(
                hits + other.hits,
                substitutions + other.substitutions,
                deletions + other.deletions,
                insertions + other.insertions);
    }

    /** Words of the reference, N. */
    public long reference() {
        return hits + substitutions + deletions;
    }

    /** Words of the hypothesis. */
    public long hypothesis() {
        return hits + substitutions + insertions;
    }

    /** S + D + I. */
    public long errors() {
        return substitutions + deletions + insertions;
    }

    /** (S + D + I) / N, 0 and up, above 1 when much is inserted; none for an empty reference. */
    public OptionalDouble rate() {
        return reference() == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) errors() / reference());
    }
}
