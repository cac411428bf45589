package konsil.media.series;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import konsil.media.Voxels;

/** Pixels of slices, one behind the other. Each is dropped once it is copied, so that nothing is in
 * memory twice. */
final class SliceJoin {
    private SliceJoin() {}

    /**
     * 16 bits where all slices have one rescale, as CT has; else floats, as PET needs.
     *
     * @param slices unpacks one; may be asked for the same one again
     */
    static Voxels joined(int count, IntFunction<Voxels> slices) {
        if (!(slices.apply(0) instanceof Voxels.Shorts first)) {
            return floats(count, slices);
        }
        int pixels = first.count();
        var stored = new short[pixels * count];
        System.arraycopy(first.stored(), 0, stored, 0, pixels);
        // Unpacking is most of the work, and slices know nothing of each other.
        boolean alike = IntStream.range(1, count).parallel().allMatch(i -> {
            if (slices.apply(i) instanceof Voxels.Shorts next && isAlike(next, first)) {
                System.arraycopy(next.stored(), 0, stored, i * pixels, pixels);
                return true;
            }
            return false;
        });
        if (!alike) {
            return floats(count, slices);
        }
        return new Voxels.Shorts(stored, first.unsigned(), first.slope(), first.intercept());
    }

    private static boolean isAlike(Voxels.Shorts next, Voxels.Shorts first) {
        return next.unsigned() == first.unsigned()
                && next.slope() == first.slope()
                && next.intercept() == first.intercept();
    }

    private static Voxels floats(int count, IntFunction<Voxels> slices) {
        float[] slice = values(slices.apply(0));
        var values = new float[slice.length * count];
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                slices.apply(i).copy(0, slice);
            }
            System.arraycopy(slice, 0, values, i * slice.length, slice.length);
        }
        return new Voxels.Floats(values);
    }

    private static float[] values(Voxels voxels) {
        float[] values = new float[voxels.count()];
        voxels.copy(0, values);
        return values;
    }

    /**
     * Slices at equal distances from the first to the last, each linear between its neighbours.
     *
     * @param at where the given slices lie, from 0 on, rising; at least two
     */
    static Voxels between(double[] at, int count, IntFunction<Voxels> slices) {
        float[] low = values(slices.apply(0));
        float[] high = values(slices.apply(1));
        var values = new float[low.length * count];
        int lower = 0;
        for (int s = 0; s < count; s++) {
            double place = at[at.length - 1] * s / (count - 1);
            while (lower < at.length - 2 && at[lower + 1] <= place) {
                lower++;
                low = high;
                high = values(slices.apply(lower + 1));
            }
            double share = Math.clamp((place - at[lower]) / (at[lower + 1] - at[lower]), 0, 1);
            for (int i = 0; i < low.length; i++) {
                values[s * low.length + i] = (float) (low[i] * (1 - share) + high[i] * share);
            }
        }
        return new Voxels.Floats(values);
    }
}
