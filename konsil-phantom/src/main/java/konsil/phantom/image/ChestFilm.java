package konsil.phantom.image;

import java.util.LinkedHashMap;
import java.util.Map;
import konsil.phantom.text.Chance;

/** A chest on a film, thousandths of the picture; the patient faces the viewer, so the right lung is at the left. */
final class ChestFilm {
    private static final int RIB_POINTS = 12;
    private static final int RIBS = 9;

    /** @param side 1 left, -1 right of the patient */
    record Lung(int side, double x, double y, double rx, double ry, double base) {
        /** 0..1: how much of the chest's depth is lung here. */
        double share(double px, double py) {
            double dx = (px - x) / rx;
            double dy = (py - y) / ry;
            double q = dx * dx + dy * dy;
            double above = (dome(px) - py) / 14;
            if (q >= 1 || above <= 0) return 0;
            return Math.sqrt(1 - q * q * q) * Math.min(1, above);
        }

        /** Upper edge of the diaphragm, lowest at the chest wall. */
        double dome(double px) {
            double off = (px - x) / rx + side * 0.25;
            return base + 55 * off * off;
        }
    }

    private final double middle;
    private final double wide;
    private final double top;
    private final Lung right;
    private final Lung left;
    private final double heartX;
    private final double heartY;
    private final double heartRx;
    private final double heartRy;
    private final double slope;
    private final double shoulder;

    ChestFilm(Chance chance) {
        middle = chance.between(475.0, 525.0);
        wide = chance.between(0.88, 1.06);
        top = chance.between(110.0, 170.0);
        double tall = chance.between(0.9, 1.05);
        double height = 330 * tall;
        double base = top + 560 * tall;
        right = new Lung(-1, middle - 182 * wide, top + height, 148 * wide, height, base);
        left = new Lung(1, middle + 188 * wide, top + height, 142 * wide, height, base + 22);
        heartRx = chance.between(105.0, 150.0) * wide;
        heartRy = chance.between(115.0, 150.0) * tall;
        heartX = middle + chance.between(38.0, 60.0);
        heartY = base - heartRy + chance.between(20.0, 50.0);
        slope = chance.between(-0.22, -0.05);
        shoulder = top + chance.between(20.0, 50.0);
    }

    Lung lung(int side) {
        return side < 0 ? right : left;
    }

    /** The same chest, moved on another day. */
    Film film(int side) {
        var film = new Film(side);
        film.add((x, y) -> {
            double half = y < top ? 90 + 330 * wide * smooth((y - top + 110) / 130) : 420 * wide;
            double q = (x - middle) / half;
            return q * q >= 1 ? 0 : 20 * Math.sqrt(1 - q * q);
        });
        film.add((x, y) -> -13 * Math.max(right.share(x, y), left.share(x, y)));
        film.add((x, y) -> {
            double dx = (x - heartX) / heartRx;
            double dy = (y - heartY) / heartRy;
            double q = dx * dx + dy * dy;
            return q >= 1 ? 0 : 7.5 * Math.sqrt(1 - q);
        });
        film.add((x, y) -> {
            double q = (x - middle) / 62;
            return q * q >= 1 ? 0 : 4.5 * Math.sqrt(1 - q * q) * smooth((y - top + 60) / 90);
        });
        film.add((x, y) -> Math.abs(x - middle) < 16 && y < top + 190 ? -2.5 : 0);
        bones(film);
        return film;
    }

    private static double smooth(double t) {
        double c = Math.clamp(t, 0, 1);
        return c * c * (3 - 2 * c);
    }

    private void bones(Film film) {
        for (int side : new int[] {-1, 1}) {
            var lung = lung(side);
            for (int rib = 0; rib < RIBS; rib++) {
                double[] xs = new double[RIB_POINTS];
                double[] ys = new double[RIB_POINTS];
                double from = top + 30 + 68.0 * rib;
                for (int i = 0; i < RIB_POINTS; i++) {
                    double t = (double) i / (RIB_POINTS - 1);
                    double reach = (Math.min(1, 0.62 + 0.16 * rib) * lung.rx() + 142 * wide) * 1.08;
                    xs[i] = middle + side * (30 + reach * t);
                    ys[i] = from + 75 * t * t - 25 * t;
                }
                film.bone(xs, ys, 11, 1.5);
            }
            double[][] line = clavicle(side);
            film.bone(line[0], line[1], 15, 5.5);
        }
    }

    /** From the breast bone outwards and a little up. */
    private double[][] clavicle(int side) {
        double[] xs = new double[8];
        double[] ys = new double[8];
        for (int i = 0; i < 8; i++) {
            double t = i / 7.0;
            xs[i] = middle + side * (38 + 265 * wide * t);
            ys[i] = shoulder + 265 * wide * t * slope + 16 * StrictMath.sin(t * 2 * Math.PI) + 40;
        }
        return new double[][] {xs, ys};
    }

    /** Boxes y0, x0, y1, x1 in thousandths, by structure, of what is visible. */
    Map<String, double[]> boxes() {
        var boxes = new LinkedHashMap<String, double[]>();
        boxes.put("right clavicle", clavicleBox(-1));
        boxes.put("left clavicle", clavicleBox(1));
        boxes.put(
                "heart",
                new double[] {heartY - heartRy, heartX - heartRx, Math.min(heartY + heartRy, 1000), heartX + heartRx});
        boxes.put("right lung", lungBox(right));
        boxes.put("left lung", lungBox(left));
        return boxes;
    }

    private double[] clavicleBox(int side) {
        double[][] line = clavicle(side);
        double[] box = {1000, 1000, 0, 0};
        for (int i = 0; i < line[0].length; i++) {
            box[0] = Math.min(box[0], line[1][i] - 15);
            box[1] = Math.min(box[1], line[0][i] - 15);
            box[2] = Math.max(box[2], line[1][i] + 15);
            box[3] = Math.max(box[3], line[0][i] + 15);
        }
        return box;
    }

    private static double[] lungBox(Lung lung) {
        double low = 0;
        double first = 1000;
        double last = 0;
        for (double x = lung.x() - lung.rx(); x <= lung.x() + lung.rx(); x += 2) {
            for (double y = lung.y() - lung.ry(); y <= 1000; y += 2) {
                if (lung.share(x, y) < 0.15) continue;
                low = Math.max(low, y);
                first = Math.min(first, x);
                last = Math.max(last, x);
            }
        }
        return new double[] {lung.y() - lung.ry(), first, low, last};
    }
}
