package konsil.media;

/**
 * Which axis of a volume runs along which axis of the patient, and whether the other way. Of the six ways to pair them
 * the one with the largest sum of cosines counts; of equal ones the first.
 *
 * @param l the volume's axis (0 columns, 1 rows, 2 slices) that runs between right and left, and so on
 * @param reversed bit 0, 1, 2: the axis of x, y, z runs against the patient's axis
 */
record AxisOrder(int l, int p, int s, int reversed) {
    private static final int[][] PAIRS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    /** How to turn a volume so that columns run to the left, rows to the back and slices to the head. */
    static AxisOrder toUpright(Geometry geometry) {
        int[] best = PAIRS[0];
        double most = -1;
        for (int[] pair : PAIRS) {
            double sum = 0;
            for (int axis = 0; axis < 3; axis++) {
                sum += Math.abs(geometry.step(pair[axis]).unit().component(axis));
            }
            if (sum > most + 1e-9) {
                most = sum;
                best = pair;
            }
        }
        int reversed = 0;
        for (int axis = 0; axis < 3; axis++) {
            reversed |= geometry.step(best[axis]).component(axis) < 0 ? 1 << axis : 0;
        }
        return new AxisOrder(best[0], best[1], best[2], reversed);
    }

    /** The volume's axis that becomes columns, rows or slices, for 0, 1 or 2. */
    int source(int axis) {
        return axis == 0 ? l : axis == 1 ? p : s;
    }

    boolean isReversed(int axis) {
        return (reversed >> axis & 1) == 1;
    }

    boolean isNothing() {
        return l == 0 && p == 1 && reversed == 0;
    }

    /** The same voxels at the same places, stored in this order. */
    Volume applied(Volume volume) {
        if (isNothing()) {
            return volume;
        }
        int[] sizes = {volume.columns(), volume.rows(), volume.slices()};
        int[] strides = {1, volume.columns(), volume.columns() * volume.rows()};
        int[] newSizes = new int[3];
        int[] newStrides = new int[3];
        var steps = new Vector3[3];
        int first = 0;
        Vector3 origin = volume.geometry().origin();
        for (int axis = 0; axis < 3; axis++) {
            int from = source(axis);
            int sign = isReversed(axis) ? -1 : 1;
            newSizes[axis] = sizes[from];
            newStrides[axis] = sign * strides[from];
            steps[axis] = volume.geometry().step(from).times(sign);
            if (isReversed(axis)) {
                first += strides[from] * (sizes[from] - 1);
                origin = origin.plus(volume.geometry().step(from).times(sizes[from] - 1));
            }
        }
        var geometry = new Geometry(origin, steps[0], steps[1], steps[2]);
        return new Volume(
                newSizes[0],
                newSizes[1],
                newSizes[2],
                geometry,
                volume.unit(),
                volume.voxels().taken(first, newSizes, newStrides));
    }
}
