package konsil.media;

/**
 * Where the voxels of a volume lie in the patient: LPS, mm (see {@link Vector3}). A step holds direction and spacing in
 * one, so that a flip or an exchange of axes changes no number but its sign.
 *
 * @param origin centre of the first voxel
 * @param columnStep from a voxel to its neighbour in the next column
 * @param rowStep to its neighbour in the next row
 * @param sliceStep to its neighbour in the next slice; need not be at right angles to the others
 */
public record Geometry(Vector3 origin, Vector3 columnStep, Vector3 rowStep, Vector3 sliceStep) {
    private static final double LEAST = 1e-6;
    private static final double MOST = 1e6;
    private static final double FLAT = 1e-4;

    /** @throws IllegalArgumentException when the steps do not span space; {@link #spans} asks first */
    public Geometry {
        if (!isNumber(origin) || !spans(columnStep, rowStep, sliceStep)) {
            throw new IllegalArgumentException("geometry: want finite numbers and three steps that span space, got "
                    + origin + " " + columnStep + " " + rowStep + " " + sliceStep);
        }
    }

    /** Voxels of these sizes, mm: columns to the left, rows to the back, slices to the head. */
    public static Geometry upright(double columnSpacing, double rowSpacing, double sliceSpacing) {
        return new Geometry(
                new Vector3(0, 0, 0),
                new Vector3(columnSpacing, 0, 0),
                new Vector3(0, rowSpacing, 0),
                new Vector3(0, 0, sliceSpacing));
    }

    /** Whether these can be the steps of a volume: finite, 1e-6 to 1e6 mm long, not in one plane. */
    public static boolean spans(Vector3 columnStep, Vector3 rowStep, Vector3 sliceStep) {
        return isStep(columnStep)
                && isStep(rowStep)
                && isStep(sliceStep)
                && Math.abs(columnStep.unit().cross(rowStep.unit()).dot(sliceStep.unit())) > FLAT;
    }

    private static boolean isStep(Vector3 step) {
        return step.length() >= LEAST && step.length() <= MOST;
    }

    /** Whether a place is given in finite numbers. */
    public static boolean isNumber(Vector3 place) {
        return Double.isFinite(place.x()) && Double.isFinite(place.y()) && Double.isFinite(place.z());
    }

    /**
     * The geometry of an affine in RAS, as NIfTI has it.
     *
     * @param affine three rows of four: mm to the right, front and head are {@code affine * (column, row, slice, 1)}
     */
    public static Geometry ofRasAffine(double... affine) {
        return new Geometry(lps(affine, 3), lps(affine, 0), lps(affine, 1), lps(affine, 2));
    }

    private static Vector3 lps(double[] affine, int column) {
        // Not a minus alone: 0 keeps its sign.
        return new Vector3(0 - affine[column], 0 - affine[4 + column], affine[8 + column]);
    }

    /** Three rows of four in RAS, as NIfTI has it; see {@link #ofRasAffine}. */
    public double[] rasAffine() {
        double[] affine = lpsAffine();
        for (int i = 0; i < 8; i++) {
            affine[i] = 0 - affine[i];
        }
        return affine;
    }

    /** Three rows of four: x, y, z are {@code affine * (column, row, slice, 1)}. */
    public double[] lpsAffine() {
        double[] affine = new double[12];
        for (int axis = 0; axis < 3; axis++) {
            affine[4 * axis] = columnStep.component(axis);
            affine[4 * axis + 1] = rowStep.component(axis);
            affine[4 * axis + 2] = sliceStep.component(axis);
            affine[4 * axis + 3] = origin.component(axis);
        }
        return affine;
    }

    /** Centre of a voxel, counted from 0; also between and beyond voxels. */
    public Vector3 point(double column, double row, double slice) {
        return origin.plus(columnStep.times(column)).plus(rowStep.times(row)).plus(sliceStep.times(slice));
    }

    /** The inverse of {@link #point}: column, row and slice as x, y and z. */
    public Vector3 index(Vector3 point) {
        Vector3 from = point.minus(origin);
        double volume = columnStep.dot(rowStep.cross(sliceStep));
        return new Vector3(
                from.dot(rowStep.cross(sliceStep)) / volume,
                from.dot(sliceStep.cross(columnStep)) / volume,
                from.dot(columnStep.cross(rowStep)) / volume);
    }

    /** Millimetres from column to column. */
    public double columnSpacing() {
        return columnStep.length();
    }

    /** Millimetres from row to row. */
    public double rowSpacing() {
        return rowStep.length();
    }

    /** Millimetres from slice to slice, along {@link #sliceStep}. */
    public double sliceSpacing() {
        return sliceStep.length();
    }

    /** Where a row runs, from column to column: the first three numbers of Image Orientation (Patient). */
    public Vector3 rowDirection() {
        return columnStep.unit();
    }

    /** Where a column runs, from row to row: the last three numbers of Image Orientation (Patient). */
    public Vector3 columnDirection() {
        return rowStep.unit();
    }

    /** Where the slices follow each other. */
    public Vector3 sliceDirection() {
        return sliceStep.unit();
    }

    /** At right angles to the slices: row direction times column direction. */
    public Vector3 normal() {
        return rowDirection().cross(columnDirection()).unit();
    }

    /** Degrees by which the axis of voxels that is farthest off leaves its nearest patient axis. */
    public double obliquity() {
        double least = 1;
        for (Vector3 step : new Vector3[] {columnStep, rowStep, sliceStep}) {
            Vector3 unit = step.unit();
            double most = Math.max(Math.abs(unit.x()), Math.max(Math.abs(unit.y()), Math.abs(unit.z())));
            least = Math.min(least, most);
        }
        return Math.toDegrees(Math.acos(Math.min(1, least)));
    }

    /** Degrees between the slices' step and their normal: 0 but for volumes of a tilted gantry. */
    public double tilt() {
        return Math.toDegrees(Math.acos(Math.min(1, Math.abs(sliceDirection().dot(normal())))));
    }

    /** Where columns, rows and slices run, each by its nearest patient axis: "LPS" for an upright axial volume. */
    public String axes() {
        var order = AxisOrder.toUpright(this);
        var letters = new char[3];
        for (int axis = 0; axis < 3; axis++) {
            letters[order.source(axis)] = (order.isReversed(axis) ? "RAI" : "LPS").charAt(axis);
        }
        return new String(letters);
    }

    /** The step of columns, rows or slices, for 0, 1 or 2. */
    Vector3 step(int axis) {
        return axis == 0 ? columnStep : axis == 1 ? rowStep : sliceStep;
    }
}
