package konsil.media.series;

import java.util.List;

/** Slices that belong together. */
public sealed interface SliceGroup {
    /** What it is, in few words and without a patient's data: "MR, 256 x 256, 20 slices, echo 30 ms". */
    String what();

    /** How many slices. */
    int count();

    /**
     * Slices that can become a volume.
     *
     * @param slices sorted along their normal, or against it where the instance numbers run so
     * @param notes what was done to get there
     */
    record Stack(String what, List<SliceSource> slices, List<String> notes) implements SliceGroup {
        public Stack {
            slices = List.copyOf(slices);
            notes = List.copyOf(notes);
        }

        @Override
        public int count() {
            return slices.size();
        }
    }

    /** Slices that cannot, and why. */
    record Refused(String what, int count, String reason) implements SliceGroup {}
}
