package konsil.media.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import konsil.media.BadMediaException;
import konsil.media.Geometry;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.Voxels;
import konsil.media.series.SliceSource.Plane;

/**
 * A stack of slices as a volume.
 *
 * @param notes what was found and done: gaps, a tilted gantry, slices that were left out
 */
public record SeriesVolume(Volume volume, List<String> notes) {
    /** Distances may differ from their median by so much of it, or by a hundredth of a millimetre. */
    private static final double EQUAL = 0.02;

    private static final double ROUNDED = 0.01;

    /** Millimetres that a slice may lie beside the line of the others. */
    private static final double ASIDE = 0.5;

    private static final double UPRIGHT = 0.05;

    /** What to do with slices that are missing, or not equally far apart. */
    public enum Gaps {
        /** Refuse, naming the place. */
        REFUSE,
        /** Take the slices as they are: the place of voxels between first and last is then only about right. */
        KEEP,
        /** Slices at equal distances, each between its two neighbours: values are computed. */
        INTERPOLATE
    }

    public SeriesVolume {
        notes = List.copyOf(notes);
    }

    /**
     * Unpacks the slices.
     *
     * @param maxVoxels refused above, before memory is taken
     * @throws BadMediaException when the slices are no volume, with the reason
     */
    public static SeriesVolume of(SliceGroup.Stack stack, Gaps gaps, long maxVoxels) {
        return new Builder(stack, gaps).build(maxVoxels);
    }

    private static final class Builder {
        private final SliceGroup.Stack stack;
        private final Gaps gaps;
        private final List<String> notes;
        private final List<Plane> planes;
        private final SliceSource first;

        Builder(SliceGroup.Stack stack, Gaps gaps) {
            this.stack = stack;
            this.gaps = gaps;
            notes = new ArrayList<>(stack.notes());
            planes = stack.slices().stream().map(s -> s.plane().orElseThrow()).toList();
            first = stack.slices().getFirst();
        }

        private BadMediaException bad(String what) {
            return new BadMediaException("the series (" + stack.what() + ")", what);
        }

        SeriesVolume build(long maxVoxels) {
            int count = planes.size();
            double[] at = places();
            requireLine(at);
            boolean equal = isEqual(at);
            int slices = equal || gaps == Gaps.KEEP ? count : interpolated(at);
            if ((double) first.columns() * first.rows() * slices > Math.min(maxVoxels, Integer.MAX_VALUE - 8)) {
                throw bad("it has %d x %d x %d voxels, the limit is %d"
                        .formatted(first.columns(), first.rows(), slices, maxVoxels));
            }
            Vector3 step = count == 1 ? single() : last().minus(start()).times(1.0 / (slices - 1));
            Geometry geometry = geometry(step);
            noteTilt(geometry);
            var unit = first.modality().equals("CT") ? Volume.Unit.HOUNSFIELD : Volume.Unit.SIGNAL;
            Voxels voxels = equal || gaps == Gaps.KEEP
                    ? SliceJoin.joined(count, this::unpacked)
                    : SliceJoin.between(at, slices, this::unpacked);
            return new SeriesVolume(new Volume(first.columns(), first.rows(), slices, geometry, unit, voxels), notes);
        }

        private Geometry geometry(Vector3 step) {
            Vector3 columnStep = planes.getFirst().row().times(planes.getFirst().columnSpacing());
            Vector3 rowStep = planes.getFirst().column().times(planes.getFirst().rowSpacing());
            if (!Geometry.spans(columnStep, rowStep, step)) {
                throw bad("the slices lie %.3g mm apart, or almost in one plane: the positions are damaged"
                        .formatted(step.length()));
            }
            return new Geometry(start(), columnStep, rowStep, step);
        }

        private Vector3 start() {
            return planes.getFirst().position();
        }

        private Vector3 last() {
            return planes.getLast().position();
        }

        private Vector3 single() {
            return planes.getFirst()
                    .normal()
                    .times(Math.max(planes.getFirst().thickness().orElse(1), 1e-3));
        }

        /** How far each slice lies from the first one, along the normal; rising. */
        private double[] places() {
            Vector3 normal = planes.getFirst().normal();
            double sign = last().minus(start()).dot(normal) < 0 ? -1 : 1;
            return planes.stream()
                    .mapToDouble(p -> sign * p.position().minus(start()).dot(normal))
                    .toArray();
        }

        /** All first pixels must lie on one line, at right angles to the slices or, with a tilted gantry, not. */
        private void requireLine(double[] at) {
            if (at.length < 3) {
                return;
            }
            Vector3 whole = last().minus(start());
            for (int i = 1; i < at.length; i++) {
                Vector3 wanted = start().plus(whole.times(at[i] / at[at.length - 1]));
                double aside = planes.get(i).position().minus(wanted).length();
                if (aside > ASIDE) {
                    throw bad("slice %d lies %.2f mm beside the line of the others: these are several stacks or slabs"
                            .formatted(i + 1, aside));
                }
            }
        }

        private boolean isEqual(double[] at) {
            if (at.length < 3) {
                return true;
            }
            double median = median(at);
            for (int i = 1; i < at.length; i++) {
                double step = at[i] - at[i - 1];
                if (Math.abs(step - median) > Math.max(EQUAL * median, ROUNDED)) {
                    String what = gap(i, step, median);
                    if (gaps == Gaps.REFUSE) {
                        throw bad(what + "; keep the slices as they are, or interpolate");
                    }
                    notes.add(what + (gaps == Gaps.KEEP ? "; kept" : "; interpolated"));
                    return false;
                }
            }
            return true;
        }

        private static double median(double[] at) {
            double[] steps = new double[at.length - 1];
            for (int i = 1; i < at.length; i++) {
                steps[i - 1] = at[i] - at[i - 1];
            }
            Arrays.sort(steps);
            return steps[steps.length / 2];
        }

        private static String gap(int i, double step, double median) {
            double times = step / median;
            boolean missing = times > 1.5 && Math.abs(times - Math.rint(times)) <= EQUAL * times;
            return missing
                    ? String.format(Locale.ROOT, "%.0f slices are missing behind slice %d", Math.rint(times) - 1, i)
                    : String.format(
                            Locale.ROOT,
                            "the slices are not equally far apart: %.3f mm behind slice %d, %.3f mm elsewhere",
                            step,
                            i,
                            median);
        }

        private int interpolated(double[] at) {
            return (int) Math.min(Integer.MAX_VALUE, Math.round(at[at.length - 1] / median(at)) + 1);
        }

        private void noteTilt(Geometry geometry) {
            if (geometry.tilt() > UPRIGHT) {
                notes.add(String.format(
                        Locale.ROOT,
                        "the gantry was tilted by %.1f degrees; a reslice makes it straight",
                        geometry.tilt()));
            }
        }

        private Voxels unpacked(int slice) {
            Voxels voxels = stack.slices().get(slice).pixels().unpack();
            if (voxels.count() != Math.multiplyExact(first.columns(), first.rows())) {
                throw bad("slice %d has %d pixels, want %d x %d"
                        .formatted(slice + 1, voxels.count(), first.columns(), first.rows()));
            }
            return voxels;
        }
    }
}
