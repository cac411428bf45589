package konsil.media.series;

import java.util.List;
import konsil.media.Voxels;

/** Pixels of slices, one behind the other. */
final class SliceJoin {
    private SliceJoin() {}

    /** 16 bits where all slices have one rescale, as CT has; else floats, as PET needs. */
    static Voxels joined(List<Voxels> slices) {
        int pixels = slices.getFirst().count();
        if (slices.getFirst() instanceof Voxels.Shorts first && slices.stream().allMatch(v -> isAlike(v, first))) {
            var stored = new short[pixels * slices.size()];
            for (int i = 0; i < slices.size(); i++) {
                if (slices.get(i) instanceof Voxels.Shorts shorts) {
                    System.arraycopy(shorts.stored(), 0, stored, i * pixels, pixels);
                }
            }
            return new Voxels.Shorts(stored, first.unsigned(), first.slope(), first.intercept());
        }
        var values = new float[pixels * slices.size()];
        var slice = new float[pixels];
        for (int i = 0; i < slices.size(); i++) {
            slices.get(i).copy(0, slice);
            System.arraycopy(slice, 0, values, i * pixels, pixels);
        }
        return new Voxels.Floats(values);
    }

    private static boolean isAlike(Voxels voxels, Voxels.Shorts first) {
        return voxels instanceof Voxels.Shorts shorts
                && shorts.unsigned() == first.unsigned()
                && shorts.slope() == first.slope()
                && shorts.intercept() == first.intercept();
    }

    /**
     * Slices at equal distances from the first to the last, each linear between its neighbours.
     *
     * @param at where the given slices lie, from 0 on, rising
     */
    static Voxels between(List<Voxels> slices, double[] at, int count) {
        int pixels = slices.getFirst().count();
        var values = new float[pixels * count];
        var low = new float[pixels];
        var high = new float[pixels];
        int lower = 0;
        for (int s = 0; s < count; s++) {
            double place = at[at.length - 1] * s / (count - 1);
            while (lower < at.length - 2 && at[lower + 1] <= place) {
                lower++;
            }
            double share = Math.clamp((place - at[lower]) / (at[lower + 1] - at[lower]), 0, 1);
            slices.get(lower).copy(0, low);
            slices.get(lower + 1).copy(0, high);
            for (int i = 0; i < pixels; i++) {
                values[s * pixels + i] = (float) (low[i] * (1 - share) + high[i] * share);
            }
        }
        return new Voxels.Floats(values);
    }
}
