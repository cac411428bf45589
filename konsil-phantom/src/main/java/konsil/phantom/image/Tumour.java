package konsil.phantom.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konsil.phantom.image.Stain.Spot;
import konsil.phantom.text.Chance;

/**
 * A piece of a gland-forming tumour: grade 1 has well-shaped glands with one row of even nuclei, grade 2 irregular,
 * crowded glands with small openings and layered nuclei, grade 3 sheets of large uneven nuclei with hardly a gland.
 */
final class Tumour {
    private final int grade;
    private final double size;
    private final Chance chance;
    private final List<Spot> glands = new ArrayList<>();
    private final List<Spot> openings = new ArrayList<>();
    private final List<Spot> nuclei = new ArrayList<>();
    private final List<Double> dyes = new ArrayList<>();
    private final List<Spot> fibres = new ArrayList<>();
    private final int stromal;

    /** @param size of the square piece, micrometres */
    Tumour(int grade, double size, Chance chance) {
        this.grade = grade;
        this.size = size;
        this.chance = chance;
        stroma();
        stromal = nuclei.size();
        if (grade < 3) glands();
        else sheets();
    }

    private void stroma() {
        double direction = chance.between(0.0, Math.PI);
        int count = (int) (size * size / 500);
        for (int i = 0; i < count; i++) {
            fibres.add(Spot.of(place(), place(), chance.between(10.0, 30.0), 1.6, direction + 0.3 * chance.normal()));
        }
        int cells = (int) (size * size / 2600);
        for (int i = 0; i < cells; i++) {
            nucleus(place(), place(), chance.between(4.0, 6.0), 1.6, direction + 0.4 * chance.normal(), 1.1);
        }
    }

    private double place() {
        return chance.between(-10.0, size + 10);
    }

    private void nucleus(double x, double y, double a, double b, double angle, double dye) {
        nuclei.add(Spot.of(x, y, a, b, angle));
        dyes.add(dye);
    }

    /** Glands are put where there is still room. */
    private void glands() {
        int tries = (int) (size * size / (grade == 1 ? 700 : 350));
        for (int i = 0; i < tries; i++) {
            double r = grade == 1 ? chance.between(32.0, 48.0) : chance.between(24.0, 44.0);
            double b = r * (grade == 1 ? chance.between(0.85, 1.0) : chance.between(0.5, 0.85));
            var gland = Spot.of(place(), place(), r, b, chance.between(0.0, Math.PI));
            double gap = grade == 1 ? 10 : -1;
            boolean free = glands.stream().noneMatch(other -> apart(gland, other) < mean(gland) + mean(other) + gap);
            if (!free) continue;
            glands.add(gland);
            lining(gland);
        }
    }

    private static double mean(Spot spot) {
        return (spot.a() + spot.b()) / 2;
    }

    private static double apart(Spot one, Spot other) {
        return StrictMath.hypot(one.x() - other.x(), one.y() - other.y());
    }

    private void lining(Spot gland) {
        double open = grade == 1 ? chance.between(0.42, 0.55) : chance.between(0.15, 0.3);
        openings.add(new Spot(gland.x(), gland.y(), gland.a() * open, gland.b() * open, gland.cos(), gland.sin()));
        int rows = grade == 1 ? 1 : 2;
        for (int row = 0; row < rows; row++) {
            double out = grade == 1 ? 0.84 : 0.86 - 0.26 * row;
            double radius = mean(gland) * out;
            int count = (int) (2 * Math.PI * radius / (grade == 1 ? 8.5 : 8));
            for (int i = 0; i < count; i++) {
                double angle = 2 * Math.PI * i / count + 0.1 * chance.normal();
                double reach = out + (grade == 1 ? 0.02 : 0.06) * chance.normal();
                double u = gland.a() * reach * StrictMath.cos(angle);
                double v = gland.b() * reach * StrictMath.sin(angle);
                double r = grade == 1 ? 3.1 : chance.between(3.2, 4.6);
                nucleus(
                        gland.x() + u * gland.cos() - v * gland.sin(),
                        gland.y() + u * gland.sin() + v * gland.cos(),
                        r * 1.25,
                        r,
                        angle,
                        grade == 1 ? 1.35 : chance.between(1.2, 1.7));
            }
        }
    }

    private void sheets() {
        double pitch = chance.between(12.5, 14.5);
        for (double y = -5; y < size + 5; y += pitch) {
            for (double x = -5; x < size + 5; x += pitch) {
                if (chance.happens(0.12)) continue;
                double r = Math.clamp(5.2 + 1.5 * chance.normal(), 3, 9);
                double cx = x + 3 * chance.normal();
                double cy = y + 3 * chance.normal();
                glands.add(Spot.of(cx, cy, 9, 9, 0));
                nucleus(cx, cy, r * chance.between(1, 1.4), r, chance.between(0.0, Math.PI), chance.between(1.1, 2.2));
            }
        }
        for (int i = 0; i < size * size / 60_000; i++) {
            openings.add(Spot.of(place(), place(), 10, 6, chance.between(0.0, Math.PI)));
        }
    }

    /** Draws the piece, its upper left corner at 0. */
    void draw(Stain stain) {
        Arrays.fill(stain.pink, 0.48f);
        Arrays.fill(stain.blue, 0.06f);
        for (Spot fibre : fibres) stain.ellipse(fibre, -1, 0.72);
        drawNuclei(stain, 0, stromal);
        for (Spot gland : glands) stain.ellipse(gland, grade == 3 ? 0.32 : 0.24, 0.55);
        for (Spot opening : openings) stain.ellipse(opening, 0.01, 0.03);
        drawNuclei(stain, stromal, nuclei.size());
    }

    private void drawNuclei(Stain stain, int from, int to) {
        for (int i = from; i < to; i++) stain.ellipse(nuclei.get(i), dyes.get(i), 0.25);
    }

    int grade() {
        return grade;
    }
}
