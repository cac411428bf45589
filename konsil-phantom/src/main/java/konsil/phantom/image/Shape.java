package konsil.phantom.image;

/** A part of the body in space: LPS, mm (x to the patient's left, y to the back, z to the head). */
sealed interface Shape {
    /** How deep a point lies inside, mm, near the surface a good estimate; below 0 outside. */
    double depth(double x, double y, double z);

    /** A box around it. */
    Ellipsoid around();

    /** Half axes along x, y and z. */
    record Ellipsoid(double x, double y, double z, double rx, double ry, double rz) implements Shape {
        @Override
        public double depth(double px, double py, double pz) {
            double dx = (px - x) / rx;
            double dy = (py - y) / ry;
            double dz = (pz - z) / rz;
            double f = Math.sqrt(dx * dx + dy * dy + dz * dz);
            double gx = dx / rx;
            double gy = dy / ry;
            double gz = dz / rz;
            double slope = Math.sqrt(gx * gx + gy * gy + gz * gz);
            // First-order distance (f^2 - 1) / |gradient| with f^2 - 1 = (f - 1)(f + 1), steadier near the centre.
            return slope < 1e-9 ? Math.min(rx, Math.min(ry, rz)) : (1 - f) * f / slope;
        }

        @Override
        public Ellipsoid around() {
            return this;
        }

        Ellipsoid grown(double mm) {
            return new Ellipsoid(x, y, z, rx + mm, ry + mm, rz + mm);
        }

        Ellipsoid moved(double dx, double dy, double dz) {
            return new Ellipsoid(x + dx, y + dy, z + dz, rx, ry, rz);
        }
    }

    /** What lies in both. */
    record Common(Shape first, Shape second) implements Shape {
        @Override
        public double depth(double x, double y, double z) {
            return Math.min(first.depth(x, y, z), second.depth(x, y, z));
        }

        @Override
        public Ellipsoid around() {
            return first.around();
        }
    }

    /** The first without the second. */
    record Without(Shape first, Shape second) implements Shape {
        @Override
        public double depth(double x, double y, double z) {
            return Math.min(first.depth(x, y, z), -second.depth(x, y, z));
        }

        @Override
        public Ellipsoid around() {
            return first.around();
        }
    }

    /**
     * Everything behind a plane that rises or falls to the head.
     *
     * @param y of the plane at z = 0
     * @param rise mm to the back for each mm to the head
     */
    record Behind(double y, double rise) implements Shape {
        private static final double ENDLESS = 1e6;

        @Override
        public double depth(double px, double py, double pz) {
            return (py - y - rise * pz) / Math.sqrt(1 + rise * rise);
        }

        @Override
        public Ellipsoid around() {
            return new Ellipsoid(0, 0, 0, ENDLESS, ENDLESS, ENDLESS);
        }
    }
}
