package konsil.medgemma.inputs;

import java.util.List;
import konsil.media.Raster;
import konsil.media.Volume;
import konsil.tensor.BadInputException;

/**
 * Slices of a CT as MedGemma 1.5 was trained with them (technical report, section 2.3.1; Google's notebook
 * high_dimensional_ct_hugging_face): three windows as red, green and blue. Several volumes of a study, such as two
 * kernels, are stacked first. Slices are shown as they are stored; {@link AxialVolume} turns a volume before.
 */
public final class CtSlices implements Pictures {
    private final SliceStack stack;
    private final List<CtWindow> windows;

    private CtSlices(SliceStack stack, List<CtWindow> windows) {
        this.stack = stack;
        this.windows = windows;
    }

    /** @throws BadInputException when a volume is not in Hounsfield units, or no slice is left */
    public static CtSlices of(List<Volume> volumes, CtSettings settings) {
        for (Volume volume : volumes) {
            if (volume.unit() != Volume.Unit.HOUNSFIELD) {
                throw new BadInputException(
                        "CT slices: want a volume in Hounsfield units, this one is a signal; show it as MR");
            }
        }
        return new CtSlices(SliceStack.of(volumes, settings.sampling()), settings.windows());
    }

    /** One volume, the published windows, at most 85 slices. */
    public static CtSlices published(Volume volume) {
        return of(List.of(volume), CtSettings.published());
    }

    @Override
    public int count() {
        return stack.count();
    }

    @Override
    public Raster picture(int index) {
        Volume volume = stack.volumes().get(stack.volumeOf(index));
        float[] values = stack.values(index);
        byte[] samples = new byte[3 * values.length];
        for (int i = 0; i < values.length; i++) {
            samples[3 * i] = (byte) windows.get(0).level(values[i]);
            samples[3 * i + 1] = (byte) windows.get(1).level(values[i]);
            samples[3 * i + 2] = (byte) windows.get(2).level(values[i]);
        }
        return new Raster(volume.columns(), volume.rows(), samples);
    }

    @Override
    public String source(int index) {
        return stack.source(index);
    }

    /** Numbers of the slices shown, through all volumes, from 1: for the record of what was asked. */
    public List<Integer> slices() {
        return java.util.Arrays.stream(stack.chosen()).map(i -> i + 1).boxed().toList();
    }
}
