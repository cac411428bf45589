package konsil.phantom.image;

import java.util.Arrays;
import konsil.media.Raster;
import konsil.phantom.text.Chance;

/**
 * How much the rays of a radiograph meet on their way, in cm of water, seen from the front: x to the patient's left and
 * to the right of the picture, y downwards, both in thousandths of the picture's side.
 */
final class Film {
    private static final double FULL = 1000;

    private final int side;
    private final double[] path;

    Film(int side) {
        this.side = side;
        path = new double[side * side];
    }

    /** What a ray meets at a place; 0 beside the organ. */
    interface Organ {
        double path(double x, double y);
    }

    /** Adds an organ. */
    void add(Organ organ) {
        for (int row = 0; row < side; row++) {
            double y = (row + 0.5) * FULL / side;
            for (int column = 0; column < side; column++) {
                path[row * side + column] += organ.path((column + 0.5) * FULL / side, y);
            }
        }
    }

    /** Adds a bone along a line of points, as thick everywhere, ends round. @param radius in thousandths */
    void bone(double[] xs, double[] ys, double radius, double thickness) {
        double[] bone = new double[path.length];
        for (int i = 0; i + 1 < xs.length; i++) segment(xs, ys, i, radius, thickness, bone);
        for (int i = 0; i < path.length; i++) path[i] += bone[i];
    }

    private void segment(double[] xs, double[] ys, int at, double radius, double thickness, double[] bone) {
        double dx = xs[at + 1] - xs[at];
        double dy = ys[at + 1] - ys[at];
        double length = Math.max(1e-9, dx * dx + dy * dy);
        int top = index(Math.min(ys[at], ys[at + 1]) - radius);
        int bottom = index(Math.max(ys[at], ys[at + 1]) + radius);
        int left = index(Math.min(xs[at], xs[at + 1]) - radius);
        int right = index(Math.max(xs[at], xs[at + 1]) + radius);
        for (int row = top; row <= bottom; row++) {
            double y = (row + 0.5) * FULL / side - ys[at];
            for (int column = left; column <= right; column++) {
                double x = (column + 0.5) * FULL / side - xs[at];
                double along = Math.clamp((x * dx + y * dy) / length, 0, 1);
                double offX = x - along * dx;
                double offY = y - along * dy;
                double q = (offX * offX + offY * offY) / (radius * radius);
                int i = row * side + column;
                if (q < 1) bone[i] = Math.max(bone[i], thickness * Math.sqrt(1 - q));
            }
        }
    }

    private int index(double place) {
        return Math.clamp((long) Math.floor(place * side / FULL), 0, side - 1);
    }

    /**
     * Levels 0..65535, dense parts bright: the logarithm of what arrives, with quantum noise, stretched so that the
     * darkest and brightest hundredth are cut.
     */
    int[] levels(Chance chance, double noise) {
        double[] dense = new double[path.length];
        for (int i = 0; i < dense.length; i++) {
            // Fewer quanta arrive behind dense parts, so noise grows with the path.
            dense[i] = path[i] + noise * Math.sqrt(1 + Math.max(0, path[i]) / 10) * chance.normal();
        }
        double[] sorted = dense.clone();
        Arrays.sort(sorted);
        double low = sorted[sorted.length / 100];
        double high = sorted[sorted.length - 1 - sorted.length / 100];
        int[] levels = new int[dense.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Math.clamp(Math.round((dense[i] - low) / (high - low) * 65535), 0, 65535);
        }
        return levels;
    }

    /** Levels as a grey picture. */
    Raster picture(int[] levels) {
        byte[] samples = new byte[3 * levels.length];
        for (int i = 0; i < levels.length; i++) Arrays.fill(samples, 3 * i, 3 * i + 3, (byte) (levels[i] >> 8));
        return new Raster(side, side, samples);
    }
}
