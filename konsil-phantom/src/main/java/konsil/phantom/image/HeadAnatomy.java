package konsil.phantom.image;

import java.util.ArrayList;
import java.util.List;
import konsil.phantom.image.Shape.Common;
import konsil.phantom.image.Shape.Ellipsoid;
import konsil.phantom.image.Shape.Without;
import konsil.phantom.text.Chance;

/** A head of ellipsoids, and blood in it. */
final class HeadAnatomy {
    /** What each tissue looks like: Hounsfield units, or the signal of an MR sequence. */
    record Values(double scalp, double bone, double fluid, double grey, double white, double falx) {
        static Values ct(Chance chance) {
            double grey = chance.between(36, 40);
            double bone = chance.between(850, 1100);
            return new Values(chance.between(-60, 20), bone, 10, grey, grey - chance.between(7, 10), 48);
        }
    }

    private static final double BLOOD = 68;

    private final Chance chance;
    private final double size;
    private final Ellipsoid brain;

    HeadAnatomy(Chance chance) {
        this.chance = chance;
        size = chance.between(0.92, 1.08);
        brain = new Ellipsoid(0, 0, 0, 66 * size, 84 * size, 72 * size);
    }

    /** mm from the middle to the skin. */
    double radius() {
        return 98 * size;
    }

    List<Tissue> normal(Values values) {
        var all = new ArrayList<Tissue>();
        all.add(new Tissue(brain.grown(14 * size), values.scalp()));
        all.add(new Tissue(brain.grown(9 * size), values.bone()));
        all.add(new Tissue(brain.grown(2), values.fluid()));
        all.add(new Tissue(brain.grown(-1), values.grey()));
        for (int sign : new int[] {-1, 1}) {
            all.add(new Tissue(ellipsoid(sign * 30, 0, 6, 24, 62, 50), values.white()));
            all.add(new Tissue(ellipsoid(sign * 20, -2, -4, 11, 17, 12), values.grey()));
        }
        all.add(new Tissue(ellipsoid(0, 0, 0, 1.2, 78, 70), values.falx()));
        double wide = chance.between(0.8, 1.3);
        for (int sign : new int[] {-1, 1}) {
            all.add(new Tissue(ellipsoid(sign * 9 * wide, -18, 10, 5 * wide, 18, 13), values.fluid()));
            all.add(new Tissue(ellipsoid(sign * 15 * wide, 24, 8, 6 * wide, 20, 12), values.fluid()));
        }
        all.add(new Tissue(ellipsoid(0, 4, -8, 2.5 * wide, 12, 10), values.fluid()));
        return all;
    }

    private Ellipsoid ellipsoid(double x, double y, double z, double rx, double ry, double rz) {
        return new Ellipsoid(x * size, y * size, z * size, rx * size, ry * size, rz * size);
    }

    /** Blood in the brain, or between brain and skull. @param side 1 left, -1 right @param z in whose plane it lies */
    Tissue blood(int side, double z) {
        double value = BLOOD + chance.between(-5.0, 8.0);
        double slope = Math.sqrt(Math.max(0.2, 1 - (z / brain.rz()) * (z / brain.rz())));
        if (chance.happens(0.6)) {
            double r = chance.between(11.0, 20.0);
            var drop = new Ellipsoid(
                    side * chance.between(26.0, 40.0) * slope,
                    chance.between(-38.0, 38.0) * slope,
                    z,
                    r,
                    r * chance.between(0.9, 1.4),
                    r * chance.between(0.9, 1.3));
            return new Tissue(new Common(drop, brain.grown(-2)), value);
        }
        // A crescent: the brain's surface pushed inwards on one side.
        double thick = chance.between(11.0, 18.0);
        return new Tissue(
                new Common(
                        new Without(brain.grown(1), brain.grown(-1).moved(-side * thick, 0, 0)),
                        new Ellipsoid(side * brain.rx(), chance.between(-15.0, 15.0), z, 60, 62, 48)),
                value);
    }

    /** A round spot in the white matter. @param side 1 left, -1 right @param z in whose plane it lies */
    Ellipsoid spot(int side, double z) {
        double r = chance.between(8.0, 15.0);
        double x = side * chance.between(27.0, 40.0) * size;
        return new Ellipsoid(x, chance.between(-40.0, 45.0) * size, z, r, r * chance.between(0.8, 1.2), r);
    }
}
