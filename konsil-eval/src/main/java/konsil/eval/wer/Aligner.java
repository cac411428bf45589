package konsil.eval.wer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import konsil.tensor.BadInputException;

/**
 * The cheapest way from one sequence of symbols to another: fewest errors, and of equally many errors the one with most
 * hits. Both numbers, and with them the counts of substitutions, deletions and insertions, are the only ones possible;
 * where several alignments have them, one is chosen by a fixed rule.
 *
 * <p>Memory grows with the length alone (Hirschberg 1975, Communications of the ACM 18:341), time with length times
 * errors: only diagonals that so many errors can reach are looked at (Ukkonen 1985, Information and Control 64:100).
 */
final class Aligner {
    /** Symbols on one side. */
    static final int LONGEST = 100_000;

    private static final long ERROR = 1L << 32; // errors in the upper half, substitutions in the lower: one comparison
    private static final long SUBSTITUTION = ERROR + 1;
    private static final long UNREACHED = Long.MAX_VALUE / 4;
    private static final int SMALL = 1 << 16; // cells that are kept whole
    private static final int FIRST_GUESS = 16;

    private final int[] reference;
    private final int[] hypothesis;
    private final List<Edit> edits = new ArrayList<>();

    private Aligner(int[] reference, int[] hypothesis) {
        if (Math.max(reference.length, hypothesis.length) > LONGEST) {
            throw new BadInputException("want at most %d symbols in one utterance, got %d and %d; split it"
                    .formatted(LONGEST, reference.length, hypothesis.length));
        }
        this.reference = reference;
        this.hypothesis = hypothesis;
    }

    /** @throws BadInputException if a side is longer than {@link #LONGEST} */
    static List<Edit> align(int[] reference, int[] hypothesis) {
        var aligner = new Aligner(reference, hypothesis);
        Part whole = new Part(0, reference.length, 0, hypothesis.length);
        aligner.align(whole, aligner.errors(whole));
        return aligner.edits;
    }

    /** Substitutions, deletions and insertions together. */
    static int distance(int[] reference, int[] hypothesis) {
        return new Aligner(reference, hypothesis).errors(new Part(0, reference.length, 0, hypothesis.length));
    }

    /** Ranges of both sides, ends exclusive. */
    private record Part(int refStart, int refEnd, int hypStart, int hypEnd) {
        int n() {
            return refEnd - refStart;
        }

        int m() {
            return hypEnd - hypStart;
        }
    }

    /** Guesses the number of errors, and doubles the guess until the answer lies within. */
    private int errors(Part part) {
        int guess = Math.max(FIRST_GUESS, Math.abs(part.n() - part.m()));
        while (true) {
            int errors = (int) (costs(part, guess, true)[part.m()] >>> 32);
            if (errors <= guess) return errors;
            guess *= 2;
        }
    }

    private void align(Part part, int errors) {
        if (part.n() <= 1 || (part.n() + 1L) * (part.m() + 1L) <= SMALL) {
            small(part);
            return;
        }
        int middle = part.refStart() + part.n() / 2;
        long[] above = costs(new Part(part.refStart(), middle, part.hypStart(), part.hypEnd()), part, errors, true);
        long[] below = costs(new Part(middle, part.refEnd(), part.hypStart(), part.hypEnd()), part, errors, false);
        int cut = 0;
        for (int j = 1; j <= part.m(); j++) {
            if (above[j] + below[part.m() - j] < above[cut] + below[part.m() - cut]) cut = j;
        }
        int at = part.hypStart() + cut;
        int errorsAbove = (int) (above[cut] >>> 32);
        int errorsBelow = (int) (below[part.m() - cut] >>> 32);
        align(new Part(part.refStart(), middle, part.hypStart(), at), errorsAbove);
        align(new Part(middle, part.refEnd(), at, part.hypEnd()), errorsBelow);
    }

    private long[] costs(Part part, int errors, boolean forward) {
        return costs(part, part, errors, forward);
    }

    /**
     * Cost of the whole reference side of a part against every beginning of its hypothesis side, or, backward, every
     * end. Of the diagonals, only those that a path with so many errors through the outer part can touch.
     */
    private long[] costs(Part part, Part outer, int errors, boolean forward) {
        int n = part.n();
        int m = part.m();
        int longer = outer.m() - outer.n();
        int right = Math.max(0, (errors + longer) / 2); // insertions at most
        int left = Math.max(0, (errors - longer) / 2); // deletions at most
        long[] before = new long[m + 1];
        long[] row = new long[m + 1];
        Arrays.fill(before, UNREACHED);
        Arrays.fill(row, UNREACHED);
        for (int j = 0; j <= Math.min(m, right); j++) before[j] = j * ERROR;
        for (int i = 1; i <= n; i++) {
            int symbol = reference[forward ? part.refStart() + i - 1 : part.refEnd() - i];
            int first = Math.max(0, i - left);
            int last = (int) Math.min(m, (long) i + right);
            if (first > 0) row[first - 1] = UNREACHED;
            for (int j = first; j <= last; j++) {
                long best = before[j] + ERROR;
                if (j > 0) {
                    int other = hypothesis[forward ? part.hypStart() + j - 1 : part.hypEnd() - j];
                    best = Math.min(best, before[j - 1] + (symbol == other ? 0 : SUBSTITUTION));
                    best = Math.min(best, row[j - 1] + ERROR);
                }
                row[j] = best;
            }
            long[] swap = before;
            before = row;
            row = swap;
        }
        if (n > left) Arrays.fill(before, 0, Math.min(m + 1, n - left), UNREACHED);
        return before;
    }

    private void small(Part part) {
        int n = part.n();
        int m = part.m();
        long[][] cost = new long[n + 1][m + 1];
        for (int j = 1; j <= m; j++) cost[0][j] = j * ERROR;
        for (int i = 1; i <= n; i++) {
            cost[i][0] = i * ERROR;
            for (int j = 1; j <= m; j++) {
                long diagonal = cost[i - 1][j - 1] + step(part, i, j);
                cost[i][j] = Math.min(diagonal, Math.min(cost[i - 1][j], cost[i][j - 1]) + ERROR);
            }
        }
        int start = edits.size();
        int i = n;
        int j = m;
        while (i > 0 || j > 0) {
            if (i > 0 && j > 0 && cost[i][j] == cost[i - 1][j - 1] + step(part, i, j)) {
                edits.add(step(part, i--, j--) == 0 ? Edit.HIT : Edit.SUBSTITUTION);
            } else if (j > 0 && cost[i][j] == cost[i][j - 1] + ERROR) {
                edits.add(Edit.INSERTION);
                j--;
            } else {
                edits.add(Edit.DELETION);
                i--;
            }
        }
        Collections.reverse(edits.subList(start, edits.size()));
    }

    private long step(Part part, int i, int j) {
        return reference[part.refStart() + i - 1] == hypothesis[part.hypStart() + j - 1] ? 0 : SUBSTITUTION;
    }
}
