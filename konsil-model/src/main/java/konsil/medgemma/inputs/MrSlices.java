package konsil.medgemma.inputs;

import java.util.Arrays;
import java.util.List;
import konsil.media.Raster;
import konsil.media.Volume;
import konsil.tensor.BadInputException;

/**
 * Slices of MR volumes as MedGemma 1.5 was trained with them (technical report): each volume from its smallest to its
 * largest value, grey; several sequences are stacked before slices are chosen. A volume of one value is white, as in
 * Google's serving code.
 */
public final class MrSlices implements Pictures {
    private final SliceStack stack;
    private final List<Volume.Statistics> ranges;

    private MrSlices(SliceStack stack, List<Volume.Statistics> ranges) {
        this.stack = stack;
        this.ranges = ranges;
    }

    /**
     * @param volumes one for each sequence, in the order in which they are to be seen
     * @throws BadInputException when no slice is left
     */
    public static MrSlices of(List<Volume> volumes, SliceSampling sampling) {
        var stack = SliceStack.of(volumes, sampling);
        return new MrSlices(stack, volumes.stream().map(Volume::statistics).toList());
    }

    @Override
    public int count() {
        return stack.count();
    }

    @Override
    public Raster picture(int index) {
        int number = stack.volumeOf(index);
        Volume volume = stack.volumes().get(number);
        double min = ranges.get(number).min();
        double delta = ranges.get(number).max() - min;
        float[] values = stack.values(index);
        byte[] samples = new byte[3 * values.length];
        for (int i = 0; i < values.length; i++) {
            double level = delta == 0 ? 255 : Math.rint((values[i] - min) / delta * 255);
            Arrays.fill(samples, 3 * i, 3 * i + 3, (byte) (int) level);
        }
        return new Raster(volume.columns(), volume.rows(), samples);
    }

    @Override
    public String source(int index) {
        return stack.source(index);
    }

    /** Numbers of the slices shown, through all volumes, from 1: for the record of what was asked. */
    public List<Integer> slices() {
        return Arrays.stream(stack.chosen()).map(i -> i + 1).boxed().toList();
    }
}
