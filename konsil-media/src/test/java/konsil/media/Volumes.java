package konsil.media;

import java.util.Random;

/** Made-up volumes. */
public final class Volumes {
    private Volumes() {}

    /** Numbers that are all different, in an oblique geometry. */
    public static Volume numbered(int columns, int rows, int slices) {
        return numbered(columns, rows, slices, oblique(0));
    }

    public static Volume numbered(int columns, int rows, int slices, Geometry geometry) {
        var stored = new short[columns * rows * slices];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (short) (i - 100);
        }
        return new Volume(
                columns, rows, slices, geometry, Volume.Unit.SIGNAL, new Voxels.Shorts(stored, false, 0.5, -3));
    }

    /** Noise as floats. */
    public static Volume noise(int columns, int rows, int slices, long seed) {
        var random = new Random(seed);
        var values = new float[columns * rows * slices];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 2000 - 1000;
        }
        return new Volume(columns, rows, slices, oblique(seed), Volume.Unit.SIGNAL, new Voxels.Floats(values));
    }

    /** Axes at right angles, turned at random by up to some twenty degrees. */
    public static Geometry oblique(long seed) {
        var random = new Random(seed);
        var row = new Vector3(1, random.nextDouble() * 0.3, random.nextDouble() * 0.3).unit();
        var normal = row.cross(new Vector3(random.nextDouble() * 0.3, 1, 0)).unit();
        var column = normal.cross(row);
        return new Geometry(new Vector3(-20.5, 13.25, 700), row.times(0.75), column.times(0.8), normal.times(2.5));
    }
}
