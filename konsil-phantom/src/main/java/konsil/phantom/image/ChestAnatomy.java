package konsil.phantom.image;

import java.util.ArrayList;
import java.util.List;
import konsil.phantom.image.Shape.Behind;
import konsil.phantom.image.Shape.Common;
import konsil.phantom.image.Shape.Ellipsoid;
import konsil.phantom.text.Chance;

/** A chest of ellipsoids, about 240 mm high, and nodules and fluid in it. */
final class ChestAnatomy {
    private final Chance chance;
    private final double wide;
    private final double deep;

    ChestAnatomy(Chance chance) {
        this.chance = chance;
        wide = chance.between(0.9, 1.12);
        deep = wide * chance.between(0.92, 1.08);
    }

    /** mm from the middle to the skin. */
    double radius() {
        return 176 * wide;
    }

    List<Tissue> normal() {
        var all = new ArrayList<Tissue>();
        double fat = chance.between(10.0, 24.0);
        all.add(new Tissue(at(0, 0, 0, 172, 122, 400), -100));
        all.add(new Tissue(at(0, 0, 0, 172 - fat, 122 - fat, 400), 52));
        double air = chance.between(-880, -820);
        for (int side : new int[] {-1, 1}) all.add(new Tissue(lung(side), air));
        vessels(all);
        double blood = chance.happens(0.5) ? chance.between(40, 50) : chance.between(130, 190);
        all.add(new Tissue(at(0, 0, 20, 30, 62, 150), 20));
        all.add(new Tissue(at(22, -28, -55, 58, 44, 58), 42));
        all.add(new Tissue(at(24, -27, -55, 46, 34, 46), blood));
        all.add(new Tissue(at(24, 32, -30, 12, 12, 160), blood));
        all.add(new Tissue(at(8, -8, 62, 16, 34, 15), blood));
        all.add(new Tissue(at(-14, -24, 50, 9, 9, 70), blood));
        all.add(new Tissue(at(0, 4, 90, 9, 9, 90), -1000));
        all.add(new Tissue(at(-52, -10, -128, 92, 84, 42), 58));
        all.add(new Tissue(at(60, 8, -132, 74, 76, 34), 50));
        bones(all);
        return all;
    }

    private Ellipsoid at(double x, double y, double z, double rx, double ry, double rz) {
        return new Ellipsoid(x * wide, y * deep, z, rx * wide, ry * deep, rz);
    }

    private Ellipsoid lung(int side) {
        return side < 0 ? at(-72, 0, 0, 60, 86, 128) : at(74, 2, 4, 56, 84, 124);
    }

    private void vessels(List<Tissue> all) {
        int count = chance.between(30, 50);
        for (int i = 0; i < count; i++) {
            int side = chance.happens(0.5) ? 1 : -1;
            double out = chance.between(0.0, 1.0);
            double r = 3.4 - 2.2 * out;
            double along = chance.between(6.0, 16.0);
            var vessel = at(
                    side * (34 + 68 * out),
                    chance.between(-55.0, 60.0) * (0.4 + 0.5 * out),
                    chance.between(-90.0, 90.0),
                    chance.happens(0.5) ? along : r,
                    chance.happens(0.3) ? along : r,
                    r * 2);
            all.add(new Tissue(new Common(vessel, lung(side)), chance.between(-250, -50)));
        }
    }

    private void bones(List<Tissue> all) {
        all.add(new Tissue(at(0, 70, 0, 19, 17, 400), 250));
        all.add(new Tissue(at(0, 92, 0, 7, 10, 400), 500));
        all.add(new Tissue(at(0, 66, 0, 12, 11, 400), 170));
        all.add(new Tissue(at(0, -98, 10, 18, 7, 90), 350));
        double phase = chance.between(0.0, 24.0);
        for (int rib = 0; rib < 10; rib++) {
            for (int i = 0; i <= 34; i++) {
                double angle = StrictMath.PI * (0.06 + 0.84 * i / 34);
                double x = StrictMath.sin(angle) * 140;
                double y = StrictMath.cos(angle) * 98;
                double z = 130 - 26 * rib + phase - 45.0 * i / 34;
                all.add(new Tissue(at(x, y, z, 8, 5, 6), 480));
                all.add(new Tissue(at(-x, y, z, 8, 5, 6), 480));
            }
        }
    }

    /** A round opacity in a lung. @param side 1 left, -1 right @param z in whose plane it lies, -70 to 70 */
    Tissue nodule(int side, double z) {
        var lung = lung(side);
        double r = chance.between(8.5, 15.0);
        double room = 0.7 * Math.sqrt(1 - (z / 128) * (z / 128));
        double angle = chance.between(0.0, 2 * Math.PI);
        double x = lung.x() + side * 6 + StrictMath.cos(angle) * room * chance.between(0.2, 0.8) * (lung.rx() - r);
        double y = lung.y() + StrictMath.sin(angle) * room * chance.between(0.3, 1.0) * (lung.ry() - r);
        // In front on the left lies the heart, which would hide it.
        if (side > 0 && z < 10) y = Math.abs(y);
        double tall = r * chance.between(0.9, 1.2);
        return new Tissue(new Ellipsoid(x, y, z, r, r * chance.between(0.85, 1.15), tall), chance.between(20, 60));
    }

    /** Fluid behind and below a lung, its surface level in a person lying down. @param side 1 left, -1 right */
    Tissue fluid(int side) {
        var lung = lung(side).grown(2);
        double level = lung.y() + lung.ry() * chance.between(0.3, 0.55);
        var behind = new Behind(level, chance.between(0.1, 0.25));
        return new Tissue(new Common(lung, behind), chance.between(2, 18));
    }
}
