package konsil.media;

/**
 * A block of voxels in the patient.
 *
 * @param columns voxels of a row, at least 1
 * @param rows of a slice, at least 1
 * @param slices at least 1
 * @param unit what the values mean
 * @param voxels the one at column c, row r, slice s has index {@code (s * rows + r) * columns + c}
 */
public record Volume(int columns, int rows, int slices, Geometry geometry, Unit unit, Voxels voxels) {
    /** What the values of voxels mean. */
    public enum Unit {
        /** Hounsfield units: air -1000, water 0. */
        HOUNSFIELD,
        /** A signal without a scale of its own, as in MR: values compare within the volume alone. */
        SIGNAL;

        private static final double NO_SIGNAL = -500;
        private static final double BONE = 100;
        private static final double METAL = 16_384;

        /**
         * A guess for files that do not say, as NIfTI: values reach from below -500, as air does in CT and hardly any
         * signal, to between 100 and 16384. To be shown to the user, who knows.
         */
        public static Unit guessed(Statistics values) {
            boolean air = values.min() <= NO_SIGNAL;
            return air && values.max() >= BONE && values.max() <= METAL ? HOUNSFIELD : SIGNAL;
        }
    }

    /** The smallest and largest value and the mean, of the voxels that are numbers; not a number when none is. */
    public record Statistics(double min, double max, double mean) {}

    public Volume {
        if (columns < 1 || rows < 1 || slices < 1 || (double) columns * rows * slices != voxels.count()) {
            throw new IllegalArgumentException("volume: want columns * rows * slices voxels, got %d for %d x %d x %d"
                    .formatted(voxels.count(), columns, rows, slices));
        }
    }

    /** The value of one voxel, counted from 0. */
    public float value(int column, int row, int slice) {
        return voxels.value((slice * rows + row) * columns + column);
    }

    /**
     * The values of one slice, row by row.
     *
     * @return rows * columns values, the caller's own
     */
    public float[] slice(int slice) {
        float[] values = new float[rows * columns];
        voxels.copy(slice * values.length, values);
        return values;
    }

    public Statistics statistics() {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        long count = 0;
        for (int s = 0; s < slices; s++) {
            for (float value : slice(s)) {
                if (!Float.isNaN(value)) {
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                    sum += value;
                    count++;
                }
            }
        }
        return count == 0 ? new Statistics(Double.NaN, Double.NaN, Double.NaN) : new Statistics(min, max, sum / count);
    }

    /**
     * The same voxels at the same places, stored so that columns run to the patient's left, rows to the back and slices
     * to the head, each by its nearest axis: axes are exchanged and reversed, no value is computed.
     */
    public Volume upright() {
        return AxisOrder.toUpright(geometry).applied(this);
    }

    /** The same voxels with the last slice first. */
    public Volume reversed() {
        return new AxisOrder(0, 1, 2, 1 << 2).applied(this);
    }

    /** The same voxels under another unit. */
    public Volume with(Unit newUnit) {
        return new Volume(columns, rows, slices, geometry, newUnit, voxels);
    }

    /** Size and unit; no values. */
    @Override
    public String toString() {
        return "Volume[%d x %d x %d, %s]".formatted(columns, rows, slices, unit);
    }
}
