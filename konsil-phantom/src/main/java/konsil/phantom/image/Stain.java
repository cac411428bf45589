package konsil.phantom.image;

import konsil.media.Raster;
import konsil.phantom.text.Chance;

/**
 * A field of a slide stained with haematoxylin and eosin: how much of either dye is where. Colours follow from both by
 * absorption (Beer and Lambert, with the vectors of Ruifrok and Johnston, 2001).
 */
final class Stain {
    private static final double[] HAEMATOXYLIN = {0.650, 0.704, 0.286};
    private static final float GLASS = 0.01f;
    private static final double[] EOSIN = {0.072, 0.990, 0.105};

    private final int width;
    private final int height;
    private final double scale;
    private final double left;
    private final double top;
    final float[] blue;
    final float[] pink;

    /** @param scale micrometres of a pixel @param left of the first pixel, micrometres @param top likewise */
    Stain(int width, int height, double scale, double left, double top) {
        this.width = width;
        this.height = height;
        this.scale = scale;
        this.left = left;
        this.top = top;
        blue = new float[width * height];
        pink = new float[width * height];
    }

    /**
     * Colours an ellipse, edges as soft as a pixel.
     *
     * @param blueDye amount of haematoxylin, or below 0 to leave it
     * @param pinkDye amount of eosin, or below 0 to leave it
     */
    void ellipse(Spot spot, double blueDye, double pinkDye) {
        double most = Math.max(spot.a, spot.b) + scale;
        if (spot.x + most < left || spot.x - most > left + width * scale) return;
        if (spot.y + most < top || spot.y - most > top + height * scale) return;
        int x0 = column(spot.x - most);
        int x1 = column(spot.x + most);
        int y0 = row(spot.y - most);
        int y1 = row(spot.y + most);
        double soft = Math.max(scale, 0.6);
        for (int y = y0; y <= y1; y++) {
            double dy = top + (y + 0.5) * scale - spot.y;
            for (int x = x0; x <= x1; x++) {
                double dx = left + (x + 0.5) * scale - spot.x;
                double u = (dx * spot.cos + dy * spot.sin) / spot.a;
                double v = (dy * spot.cos - dx * spot.sin) / spot.b;
                double share = 0.5 + (1 - Math.sqrt(u * u + v * v)) * Math.min(spot.a, spot.b) / soft;
                if (share <= 0) continue;
                int i = y * width + x;
                float s = (float) Math.min(1, share);
                if (blueDye >= 0) blue[i] += s * ((float) blueDye - blue[i]);
                if (pinkDye >= 0) pink[i] += s * ((float) pinkDye - pink[i]);
            }
        }
    }

    /** An ellipse, micrometres, its longer axis turned. */
    record Spot(double x, double y, double a, double b, double cos, double sin) {
        static Spot of(double x, double y, double a, double b, double angle) {
            return new Spot(x, y, a, b, StrictMath.cos(angle), StrictMath.sin(angle));
        }
    }

    private int column(double x) {
        return Math.clamp((long) Math.floor((x - left) / scale), 0, width - 1);
    }

    private int row(double y) {
        return Math.clamp((long) Math.floor((y - top) / scale), 0, height - 1);
    }

    /** Uneven staining from pixel to pixel. */
    void addGrain(double deviation, Chance chance) {
        for (int i = 0; i < pink.length; i++) pink[i] += (float) (deviation * chance.normal());
    }

    /** Empty glass around a piece of tissue with an uneven outline. @param middle of the piece, micrometres */
    void clearBeyond(double middle, double turn) {
        for (int i = 0; i < pink.length; i++) {
            int row = i / width;
            double dx = left + (i - row * width + 0.5) * scale - middle;
            double dy = top + (row + 0.5) * scale - middle;
            double angle = StrictMath.atan2(dy, dx) + turn;
            double edge = 0.9 + 0.05 * StrictMath.sin(3 * angle) + 0.03 * StrictMath.sin(7 * angle);
            double limit = edge * edge * middle * middle;
            // Squarer than a circle, as pieces are cut.
            if (dx * dx * dx * dx + dy * dy * dy * dy > limit * limit) {
                pink[i] = GLASS;
                blue[i] = GLASS;
            }
        }
    }

    /** @param strength of staining, about 1 */
    Raster picture(double strength) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < blue.length; i++) {
            for (int c = 0; c < 3; c++) {
                double density = strength * (blue[i] * HAEMATOXYLIN[c] + pink[i] * EOSIN[c]);
                samples[3 * i + c] = (byte) Math.clamp(Math.round(250 * StrictMath.exp(-density)), 0, 255);
            }
        }
        return new Raster(width, height, samples);
    }
}
