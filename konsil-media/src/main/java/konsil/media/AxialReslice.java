package konsil.media;

/**
 * A volume computed anew on a grid along the patient's axes: columns to the left, rows to the back, slices to the head,
 * trilinear between the eight voxels around. For volumes that were taken obliquely, sagittally or coronally; a shear of
 * a tilted gantry goes too. The grid is the box around all voxel centres; where it reaches beyond the volume it holds
 * {@code outside}.
 *
 * @param pixelSpacing mm between columns and between rows
 * @param sliceSpacing mm between slices
 * @param outside value where there was no volume
 * @param maxVoxels refused above this, before memory is taken
 */
public record AxialReslice(double pixelSpacing, double sliceSpacing, float outside, long maxVoxels) {
    private static final double EDGE = 1e-6;
    private static final long MAX_VOXELS = 1L << 29;

    public AxialReslice {
        if (!(pixelSpacing > 0) || !(sliceSpacing > 0) || maxVoxels < 1 || maxVoxels > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("reslice: want spacings above 0 mm, got %s and %s, and a limit, got %d"
                    .formatted(pixelSpacing, sliceSpacing, maxVoxels));
        }
    }

    /** The finest spacing of a volume within slices, its own spacing towards the head between them; air around CT. */
    public static AxialReslice of(Volume volume) {
        Geometry geometry = volume.geometry();
        double finest = Math.min(geometry.columnSpacing(), Math.min(geometry.rowSpacing(), geometry.sliceSpacing()));
        double upwards = geometry.step(AxisOrder.toUpright(geometry).s()).length();
        float outside = volume.unit() == Volume.Unit.HOUNSFIELD ? -1024 : 0;
        return new AxialReslice(finest, upwards, outside, MAX_VOXELS);
    }

    /**
     * The volume on this grid.
     *
     * @throws BadMediaException when it has a single slice, or the grid passes the limit
     */
    public Volume apply(Volume volume) {
        if (volume.columns() < 2 || volume.rows() < 2 || volume.slices() < 2) {
            throw new BadMediaException(
                    "the volume",
                    "%d x %d x %d voxels cannot be resliced, want at least 2 each way"
                            .formatted(volume.columns(), volume.rows(), volume.slices()));
        }
        Vector3 low = corner(volume, true);
        Vector3 extent = corner(volume, false).minus(low);
        long columns = steps(extent.x(), pixelSpacing);
        long rows = steps(extent.y(), pixelSpacing);
        long slices = steps(extent.z(), sliceSpacing);
        if ((double) columns * rows * slices > maxVoxels) {
            throw new BadMediaException(
                    "the volume",
                    "resliced it has %d x %d x %d voxels, the limit is %d; want wider"
                                    .formatted(columns, rows, slices, maxVoxels)
                            + " spacing");
        }
        var geometry = new Geometry(
                low, new Vector3(pixelSpacing, 0, 0), new Vector3(0, pixelSpacing, 0), new Vector3(0, 0, sliceSpacing));
        var voxels = filled(volume, geometry, (int) columns, (int) rows, (int) slices);
        return new Volume((int) columns, (int) rows, (int) slices, geometry, volume.unit(), voxels);
    }

    private static long steps(double extent, double spacing) {
        return (long) Math.floor(extent / spacing + EDGE) + 1;
    }

    private static Vector3 corner(Volume volume, boolean low) {
        double[] found = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            double best = low ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
            for (int i = 0; i < 8; i++) {
                double value = volume.geometry()
                        .point(
                                (i & 1) * (volume.columns() - 1),
                                (i >> 1 & 1) * (volume.rows() - 1),
                                (i >> 2) * (volume.slices() - 1))
                        .component(axis);
                best = low ? Math.min(best, value) : Math.max(best, value);
            }
            found[axis] = best;
        }
        return new Vector3(found[0], found[1], found[2]);
    }

    private Voxels filled(Volume volume, Geometry to, int columns, int rows, int slices) {
        Vector3 zero = volume.geometry().index(to.origin());
        Vector3 step =
                volume.geometry().index(to.origin().plus(to.columnStep())).minus(zero);
        var line = new float[columns];
        var out = new Target(volume.voxels(), columns * rows * slices);
        for (int s = 0; s < slices; s++) {
            for (int r = 0; r < rows; r++) {
                Vector3 start = volume.geometry().index(to.point(0, r, s));
                for (int c = 0; c < columns; c++) {
                    line[c] = sample(
                            volume, start.x() + c * step.x(), start.y() + c * step.y(), start.z() + c * step.z());
                }
                out.put((s * rows + r) * columns, line);
            }
        }
        return out.voxels();
    }

    private float sample(Volume volume, double column, double row, double slice) {
        if (!inside(column, volume.columns()) || !inside(row, volume.rows()) || !inside(slice, volume.slices())) {
            return outside;
        }
        int c = cell(column, volume.columns());
        int r = cell(row, volume.rows());
        int s = cell(slice, volume.slices());
        double dc = column - c;
        double dr = row - r;
        double ds = slice - s;
        int at = (s * volume.rows() + r) * volume.columns() + c;
        int up = volume.rows() * volume.columns();
        double near = plane(volume, at, dc, dr);
        // Past a weight of 0 a neighbour that is not a number must not count.
        return (float) (ds == 0 ? near : near * (1 - ds) + plane(volume, at + up, dc, dr) * ds);
    }

    private static double plane(Volume volume, int at, double dc, double dr) {
        double near = along(volume.voxels(), at, dc);
        return dr == 0 ? near : near * (1 - dr) + along(volume.voxels(), at + volume.columns(), dc) * dr;
    }

    private static double along(Voxels voxels, int at, double dc) {
        double near = voxels.value(at);
        return dc == 0 ? near : near * (1 - dc) + voxels.value(at + 1) * dc;
    }

    private static boolean inside(double index, int size) {
        return index >= -EDGE && index <= size - 1 + EDGE;
    }

    /** The lower of the two voxels around; the last but one at the far edge. */
    private static int cell(double index, int size) {
        return Math.clamp((long) Math.floor(index), 0, size - 2);
    }

    /** Voxels of the same kind as those they come from. */
    private static final class Target {
        private final Voxels voxels;

        Target(Voxels like, int count) {
            voxels = switch (like) {
                case Voxels.Shorts s ->
                    s.slope() == 0
                            ? new Voxels.Floats(new float[count])
                            : new Voxels.Shorts(new short[count], s.unsigned(), s.slope(), s.intercept());
                case Voxels.Floats _ -> new Voxels.Floats(new float[count]);
            };
        }

        void put(int at, float[] line) {
            switch (voxels) {
                case Voxels.Shorts(short[] stored, boolean unsigned, double slope, double intercept) -> {
                    int low = unsigned ? 0 : Short.MIN_VALUE;
                    for (int i = 0; i < line.length; i++) {
                        long number = Math.round((line[i] - intercept) / slope);
                        stored[at + i] = (short) Math.clamp(number, low, low + 0xFFFF);
                    }
                }
                case Voxels.Floats(float[] values) -> System.arraycopy(line, 0, values, at, line.length);
            }
        }

        Voxels voxels() {
            return voxels;
        }
    }
}
