package konsil.media;

/**
 * A place or a direction in the patient, mm, in the axes of DICOM (PS3.3 C.7.6.2.1.1): x grows to the patient's left, y
 * to the back, z to the head (LPS).
 */
public record Vector3(double x, double y, double z) {
    public Vector3 plus(Vector3 other) {
        return new Vector3(x + other.x, y + other.y, z + other.z);
    }

    public Vector3 minus(Vector3 other) {
        return new Vector3(x - other.x, y - other.y, z - other.z);
    }

    public Vector3 times(double factor) {
        return new Vector3(x * factor, y * factor, z * factor);
    }

    public double dot(Vector3 other) {
        return x * other.x + y * other.y + z * other.z;
    }

    public Vector3 cross(Vector3 other) {
        return new Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x);
    }

    public double length() {
        return Math.sqrt(dot(this));
    }

    /** The same direction with length 1; not a number for the zero vector. */
    public Vector3 unit() {
        return times(1 / length());
    }

    /** x, y or z for 0, 1 or 2. */
    double component(int axis) {
        return axis == 0 ? x : axis == 1 ? y : z;
    }
}
