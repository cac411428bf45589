package konsil.medgemma.inputs;

import java.util.regex.Pattern;
import java.util.stream.IntStream;
import konsil.tensor.BadInputException;

/**
 * Which slices of a volume the model is shown.
 *
 * @param first number of the first slice that counts, from 1
 * @param last number of the last one, itself included; beyond the volume means its end
 * @param most slices that are shown; of more, evenly spaced ones
 */
public record SliceSampling(int first, int last, int most) {
    /** As many as MedGemma 1.5 was trained with: 21,760 soft tokens. */
    public static final int PUBLISHED_MOST = 85;

    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})?\\.\\.(\\d{1,6})?");

    /** @throws BadInputException when there is nothing between first and last */
    public SliceSampling {
        if (first < 1 || last < first || most < 1) {
            throw new BadInputException("slices: want a first of at least 1, a last not before it and at least 1 shown,"
                    + " got %d..%d and %d".formatted(first, last, most));
        }
    }

    /** All slices, 85 shown at most. */
    public static SliceSampling published() {
        return new SliceSampling(1, Integer.MAX_VALUE, PUBLISHED_MOST);
    }

    /**
     * A range as people write it: {@code 20..60}, {@code 20..}, {@code ..60}.
     *
     * @throws BadInputException when it is no range
     */
    public static SliceSampling parse(String range, int most) {
        var matcher = RANGE.matcher(range.strip());
        if (!matcher.matches()) {
            throw new BadInputException("slices: want a range like 20..60, got \"%s\"".formatted(Shown.text(range)));
        }
        int first = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? Integer.MAX_VALUE : Integer.parseInt(matcher.group(2));
        return new SliceSampling(first, last, most);
    }

    /**
     * The slices that are shown. Of more than {@code most}, number i of 1..most is slice round(i / most * (n - 1)),
     * half to even, as in Google's notebook high_dimensional_ct_hugging_face: the first slice is left out, the last
     * one is in.
     *
     * @param count slices of the volume
     * @return indices from 0, rising
     * @throws BadInputException when the range lies behind the volume
     */
    public int[] of(int count) {
        if (first > count) {
            throw new BadInputException("slices: want a first of at most %d, got %d".formatted(count, first));
        }
        int n = Math.min(last, count) - first + 1;
        if (n <= most) {
            return IntStream.range(first - 1, first - 1 + n).toArray();
        }
        return IntStream.rangeClosed(1, most)
                .map(i -> first - 1 + (int) Math.rint((double) i / most * (n - 1)))
                .toArray();
    }
}
