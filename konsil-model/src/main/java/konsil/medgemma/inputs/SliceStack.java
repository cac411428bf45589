package konsil.medgemma.inputs;

import java.util.List;
import konsil.media.Volume;
import konsil.tensor.BadInputException;

/** Volumes one behind the other, and the slices of them that are shown. */
record SliceStack(List<Volume> volumes, int[] chosen) {
    static SliceStack of(List<Volume> volumes, SliceSampling sampling) {
        if (volumes.isEmpty()) {
            throw new BadInputException("slices: want at least one volume, got none");
        }
        int count = volumes.stream().mapToInt(Volume::slices).reduce(0, Math::addExact);
        return new SliceStack(List.copyOf(volumes), sampling.of(count));
    }

    int count() {
        return chosen.length;
    }

    /** Which volume a shown slice is of. */
    int volumeOf(int index) {
        int slice = chosen[index];
        int volume = 0;
        while (slice >= volumes.get(volume).slices()) {
            slice -= volumes.get(volume++).slices();
        }
        return volume;
    }

    /** Its number in that volume, from 0. */
    int sliceOf(int index) {
        int slice = chosen[index];
        for (int volume = 0; volume < volumeOf(index); volume++) {
            slice -= volumes.get(volume).slices();
        }
        return slice;
    }

    /** Rows * columns values. */
    float[] values(int index) {
        return volumes.get(volumeOf(index)).slice(sliceOf(index));
    }

    String source(int index) {
        Volume volume = volumes.get(volumeOf(index));
        String slice = "slice %d of %d".formatted(sliceOf(index) + 1, volume.slices());
        return volumes.size() == 1 ? slice : "volume %d, %s".formatted(volumeOf(index) + 1, slice);
    }
}
