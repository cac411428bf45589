package konsil.eval.wer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;

final class AlignerTest {
    private final Random random = new Random(7);

    private int[] symbols(int length, int kinds) {
        return random.ints(length, 0, kinds).toArray();
    }

    /** A copy with errors of every kind. */
    private int[] damaged(int[] from, int oneIn) {
        var result = new java.util.ArrayList<Integer>();
        for (int symbol : from) {
            int fate = random.nextInt(3 * oneIn);
            if (fate == 0) continue;
            result.add(fate == 1 ? 99 : symbol);
            if (fate == 2) result.add(98);
        }
        return result.stream().mapToInt(i -> i).toArray();
    }

    /** Errors and substitutions of every alignment tried out. */
    private static long cheapest(int[] a, int i, int[] b, int j) {
        long error = 1000;
        if (i == a.length) return (b.length - j) * error;
        if (j == b.length) return (a.length - i) * error;
        long diagonal = cheapest(a, i + 1, b, j + 1) + (a[i] == b[j] ? 0 : error + 1);
        return Math.min(diagonal, error + Math.min(cheapest(a, i + 1, b, j), cheapest(a, i, b, j + 1)));
    }

    @Test
    void tinySequencesAgreeWithEveryAlignmentTriedOut() {
        for (int n = 0; n < 400; n++) {
            int[] a = symbols(random.nextInt(7), 3);
            int[] b = symbols(random.nextInt(7), 3);
            Counts counts = checked(a, b);
            long best = cheapest(a, 0, b, 0);
            assertThat(counts.errors()).isEqualTo(best / 1000);
            assertThat(counts.substitutions()).isEqualTo(best % 1000);
        }
    }

    @Test
    void swappedSidesSwapDeletionsAndInsertions() {
        for (int n = 0; n < 60; n++) {
            int[] a = symbols(random.nextInt(600), 4);
            int[] b = n % 2 == 0 ? symbols(random.nextInt(600), 4) : damaged(a, 4);
            Counts there = checked(a, b);
            Counts back = checked(b, a);
            assertThat(back)
                    .isEqualTo(new Counts(there.hits(), there.substitutions(), there.insertions(), there.deletions()));
        }
    }

    @Test
    void longSequencesAgreeWithTheFullTable() {
        for (int n = 0; n < 12; n++) {
            int[] a = symbols(900 + random.nextInt(300), 1 + random.nextInt(50));
            int[] b = n % 3 == 0 ? symbols(random.nextInt(1500), 3) : damaged(a, 2 + random.nextInt(20));
            assertThat(checked(a, b).errors()).isEqualTo(table(a, b));
        }
    }

    private static int table(int[] a, int[] b) {
        int[] row = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) row[j] = j;
        for (int i = 1; i <= a.length; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int above = row[j];
                row[j] = Math.min(diagonal + (a[i - 1] == b[j - 1] ? 0 : 1), 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length];
    }

    @Test
    void sameSequencesHaveNoErrors() {
        int[] a = symbols(20_000, 1000);
        assertThat(checked(a, a)).isEqualTo(new Counts(a.length, 0, 0, 0));
        assertThat(checked(new int[0], a)).isEqualTo(new Counts(0, 0, 0, a.length));
        assertThat(checked(a, new int[0])).isEqualTo(new Counts(0, 0, a.length, 0));
        assertThat(checked(new int[0], new int[0])).isEqualTo(Counts.ZERO);
    }

    @Test
    void longestIsTakenLongerIsRefused() {
        int[] a = new int[Aligner.LONGEST];
        int[] b = Arrays.copyOf(a, a.length - 5);
        assertThat(checked(a, b).deletions()).isEqualTo(5);
        assertThatThrownBy(() -> Aligner.align(new int[Aligner.LONGEST + 1], b))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("at most 100000");
    }

    /** Aligns, and walks both sides along the steps. */
    private static Counts checked(int[] a, int[] b) {
        List<Edit> edits = Aligner.align(a, b);
        int i = 0;
        int j = 0;
        for (Edit edit : edits) {
            switch (edit) {
                case HIT -> assertThat(a[i++]).isEqualTo(b[j++]);
                case SUBSTITUTION -> assertThat(a[i++]).isNotEqualTo(b[j++]);
                case DELETION -> i++;
                case INSERTION -> j++;
            }
        }
        assertThat(i).isEqualTo(a.length);
        assertThat(j).isEqualTo(b.length);
        Counts counts = Counts.of(edits);
        assertThat(Aligner.distance(a, b)).isEqualTo((int) counts.errors());
        return counts;
    }
}
