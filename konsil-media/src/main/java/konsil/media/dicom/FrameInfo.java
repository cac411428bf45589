package konsil.media.dicom;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Where a frame lies and what its values mean, from the functional groups of an enhanced image (PS3.3 section C.7.6.16)
 * or the elements of a classic one. What the file does not say is empty.
 *
 * @param index of the frame in its file, from 0
 * @param position centre of the first pixel, LPS in mm
 * @param directions of rows and columns
 * @param spacing between the centres of pixels, in mm
 * @param sliceThickness in mm
 * @param spacingBetweenSlices in mm, as the file says; positions tell better
 * @param rescaleSlope stored value times this plus the intercept is the value, HU for CT; 1 when not said
 * @param rescaleIntercept 0 when not said
 * @param rescaleType unit of the rescaled values, such as HU
 * @param windows in which the frame is meant to be seen, the first by default
 * @param sequence where the frame stands among others
 */
public record FrameInfo(
        int index,
        Optional<Point> position,
        Optional<Directions> directions,
        Optional<Spacing> spacing,
        OptionalDouble sliceThickness,
        OptionalDouble spacingBetweenSlices,
        double rescaleSlope,
        double rescaleIntercept,
        Optional<String> rescaleType,
        List<VoiWindow> windows,
        Place sequence) {
    /** A place or direction in the patient: to the left, to the back, to the head. */
    public record Point(double x, double y, double z) {
        public double dot(Point other) {
            return x * other.x + y * other.y + z * other.z;
        }

        public Point cross(Point other) {
            return new Point(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x);
        }

        public Point plus(Point other, double times) {
            return new Point(x + times * other.x, y + times * other.y, z + times * other.z);
        }
    }

    /**
     * @param row direction in which the column number grows
     * @param column direction in which the row number grows
     */
    public record Directions(Point row, Point column) {
        /** Direction of the slices; its length is 1 when the two are unit vectors at right angles. */
        public Point normal() {
            return row.cross(column);
        }
    }

    /**
     * @param betweenRows vertical distance, in mm
     * @param betweenColumns horizontal distance, in mm
     */
    public record Spacing(double betweenRows, double betweenColumns) {}

    /**
     * What tells frames apart that lie in the same place.
     *
     * @param stack name of the stack; frames of different stacks are no volume together
     * @param inStack number in the stack, from 1
     * @param temporalPosition number of the time point, from 1
     * @param bValue of diffusion, in s/mm²
     * @param gradient direction of diffusion
     * @param echoTime in ms
     * @param dimensions indices of the frame along the dimensions of the image, from 1
     * @param frameType values of Image Type, or of the frame's own type
     */
    public record Place(
            Optional<String> stack,
            OptionalInt inStack,
            OptionalInt temporalPosition,
            OptionalDouble bValue,
            Optional<Point> gradient,
            OptionalDouble echoTime,
            List<Integer> dimensions,
            List<String> frameType) {}
}
