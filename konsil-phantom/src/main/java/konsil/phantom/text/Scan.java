package konsil.phantom.text;

import konsil.media.Raster;

/** How a page looks once it was scanned or photographed. */
final class Scan {
    private static final int CHANNELS = 3;
    private static final int PAPER = 255;

    private Scan() {}

    /** Turned by up to 1.5 degrees, unevenly lit, noise of a few levels. */
    static Raster of(Raster page, Chance chance) {
        return scanned(page, Math.toRadians(chance.between(-1.5, 1.5)), 0.25, 6, chance);
    }

    /** Turned by up to half a degree, nearly even light, little noise: for pictures with few pixels. */
    static Raster lightly(Raster page, Chance chance) {
        return scanned(page, Math.toRadians(chance.between(-0.5, 0.5)), 0.1, 4, chance);
    }

    /**
     * @param shade how much darker the darkest corner is
     * @param noise standard deviation, levels
     */
    private static Raster scanned(Raster page, double angle, double shade, double noise, Chance chance) {
        int width = page.width();
        int height = page.height();
        double light = chance.between(0, 2 * Math.PI);
        double strength = chance.between(0, shade);
        double cosine = Math.cos(angle);
        double sine = Math.sin(angle);
        byte[] samples = new byte[CHANNELS * width * height];
        for (int y = 0; y < height; y++) {
            double v = y - height / 2.0;
            for (int x = 0; x < width; x++) {
                double u = x - width / 2.0;
                double fromX = cosine * u - sine * v + width / 2.0;
                double fromY = sine * u + cosine * v + height / 2.0;
                double at = (u / width * Math.cos(light) + v / height * Math.sin(light)) / Math.sqrt(2) + 0.5;
                double grey = grey(page, fromX, fromY) * (1 - strength * at) + noise * chance.normal();
                byte level = (byte) Math.clamp(Math.round(grey), 0, PAPER);
                for (int c = 0; c < CHANNELS; c++) samples[CHANNELS * (y * width + x) + c] = level;
            }
        }
        return new Raster(width, height, samples);
    }

    /** Bilinear; paper beyond the edges. */
    private static double grey(Raster page, double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double across = x - left;
        double down = y - top;
        double above = (1 - across) * level(page, left, top) + across * level(page, left + 1, top);
        double below = (1 - across) * level(page, left, top + 1) + across * level(page, left + 1, top + 1);
        return (1 - down) * above + down * below;
    }

    private static int level(Raster page, int x, int y) {
        boolean inside = x >= 0 && y >= 0 && x < page.width() && y < page.height();
        return inside ? page.samples()[CHANNELS * (y * page.width() + x)] & 0xff : PAPER;
    }
}
