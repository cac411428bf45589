package konsil.phantom.image;

import java.util.ArrayList;
import java.util.List;
import konsil.phantom.image.Shape.Common;
import konsil.phantom.image.Shape.Ellipsoid;
import konsil.phantom.text.Chance;

/** An upper abdomen of ellipsoids, about 180 mm high, after contrast medium, and lesions of its liver. */
final class AbdomenAnatomy {
    private final Chance chance;
    private final double wide;
    private final double deep;
    private final double liver;

    AbdomenAnatomy(Chance chance) {
        this.chance = chance;
        wide = chance.between(0.88, 1.15);
        deep = wide * chance.between(0.9, 1.1);
        liver = chance.between(98, 118);
    }

    /** mm from the middle to the skin. */
    double radius() {
        return 172 * wide;
    }

    List<Tissue> normal() {
        var all = new ArrayList<Tissue>();
        double fat = chance.between(10.0, 30.0);
        all.add(new Tissue(at(0, 0, 0, 170, 120, 500), -102));
        all.add(new Tissue(at(0, 0, 0, 170 - fat, 120 - fat, 500), 55));
        all.add(new Tissue(at(0, -4, 0, 158 - fat, 106 - fat, 500), -95));
        for (int side : new int[] {-1, 1}) all.add(new Tissue(at(side * 34, 62, -20, 24, 22, 300), 56));
        bowel(all);
        all.add(new Tissue(right(), liver));
        all.add(new Tissue(left(), liver));
        for (int i = 0; i < 5; i++) {
            var vein =
                    at(chance.between(-110.0, -20.0), chance.between(-40.0, 20.0), chance.between(0.0, 60.0), 11, 3, 4);
            all.add(new Tissue(new Common(vein, right()), liver + 45));
        }
        all.add(new Tissue(at(104, 38, 36, 27, 42, 46), liver + 12));
        for (int side : new int[] {-1, 1}) {
            all.add(new Tissue(at(side * 62, 50, -42, 24, 28, 52), 175));
            all.add(new Tissue(at(side * 54, 46, -42, 10, 14, 24), 60));
        }
        all.add(new Tissue(at(8, 34, 0, 11, 11, 400), 160));
        all.add(new Tissue(at(-20, 30, 0, 13, 10, 400), 140));
        all.add(new Tissue(at(0, 66, 0, 23, 18, 400), 260));
        all.add(new Tissue(at(0, 64, 0, 16, 12, 400), 190));
        all.add(new Tissue(at(0, 92, 0, 6, 12, 400), 480));
        ribs(all);
        return all;
    }

    private Ellipsoid at(double x, double y, double z, double rx, double ry, double rz) {
        return new Ellipsoid(x * wide, y * deep, z, rx * wide, ry * deep, rz);
    }

    private Ellipsoid right() {
        return at(-72, -8, 25, 66, 72, 82);
    }

    private Ellipsoid left() {
        return at(-8, -46, 40, 62, 34, 52);
    }

    private void bowel(List<Tissue> all) {
        all.add(new Tissue(at(66, -22, 44, 44, 38, 42), 40));
        all.add(new Tissue(at(66, -22, 44, 38, 32, 36), 12));
        all.add(new Tissue(at(66, -42, 44, 26, 10, 24), -900));
        int loops = chance.between(14, 22);
        for (int i = 0; i < loops; i++) {
            double r = chance.between(10.0, 17.0);
            var loop = at(
                    chance.between(-95.0, 95.0), chance.between(-62.0, 18.0), chance.between(-110.0, -30.0), r, r, r);
            all.add(new Tissue(loop, 60));
            all.add(new Tissue(loop.grown(-4), chance.happens(0.25) ? -850 : 20));
        }
    }

    private void ribs(List<Tissue> all) {
        for (int rib = 0; rib < 5; rib++) {
            for (int i = 0; i <= 30; i++) {
                double angle = StrictMath.PI * (0.08 + 0.62 * i / 30);
                double z = 120 - 30 * rib - 50.0 * i / 30;
                for (int side : new int[] {-1, 1}) {
                    all.add(new Tissue(
                            at(side * StrictMath.sin(angle) * 141, StrictMath.cos(angle) * 96, z, 7, 5, 6), 460));
                }
            }
        }
    }

    /** A lesion darker than the liver. @param rightLobe or the left one @param z in whose plane it lies */
    Tissue lesion(boolean rightLobe, double z) {
        double r = rightLobe ? chance.between(13.0, 22.0) : chance.between(11.0, 16.0);
        var lobe = rightLobe ? right() : left();
        double room = Math.sqrt(Math.max(0.1, 1 - (z - lobe.z()) * (z - lobe.z()) / (lobe.rz() * lobe.rz())));
        double x = lobe.x() + wide * (rightLobe ? chance.between(-32.0, 14.0) : chance.between(6.0, 30.0)) * room;
        double y = lobe.y() + deep * (rightLobe ? chance.between(-28.0, 36.0) : chance.between(-8.0, 8.0)) * room;
        var round = new Ellipsoid(x, y, z, r, r * chance.between(0.85, 1.15), r);
        return new Tissue(new Common(round, lobe.grown(-1)), liver - chance.between(48, 75));
    }
}
