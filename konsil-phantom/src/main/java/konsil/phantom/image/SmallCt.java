package konsil.phantom.image;

import java.util.stream.IntStream;
import konsil.medgemma.inputs.CtSlices;
import konsil.media.Geometry;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.Voxels;
import konsil.phantom.text.Chance;

/** CT as six slices of 96 by 96, through the published windows, feet to head; for vision towers that see little. */
public final class SmallCt {
    private static final int SIDE = 96;
    private static final int SLICES = 6;

    private SmallCt() {}

    /** A case; the same seed and index give the same pictures. */
    public static ImageCase made(long seed, int index) {
        var chance = new Chance(seed, "ct small", index);
        var patient = CtPatient.made(chance, SLICES);
        var shown = CtSlices.published(volume(patient, chance));
        var pictures = IntStream.range(0, SLICES).mapToObj(shown::picture).toList();
        return new ImageCase("ct", pictures, true, patient.truth(), patient.questions());
    }

    private static Volume volume(CtPatient patient, Chance chance) {
        double spacing = 2 * patient.radius() * chance.between(1.02, 1.14) / SIDE;
        double step = patient.height() / (SLICES - 1);
        var grid = new Grid(SIDE, spacing, -patient.height() / 2, step, 5, 1);
        return volume(patient, grid, SLICES, chance.between(3.0, 9.0), chance);
    }

    /** @param noise deviation of a pixel, HU */
    static Volume volume(CtPatient patient, Grid grid, int slices, double noise, Chance chance) {
        int plane = grid.side() * grid.side();
        short[] stored = new short[slices * plane];
        for (int s = 0; s < slices; s++) {
            float[] values = grid.slice(patient.tissues(), -1000, s);
            grid.addNoise(values, noise, chance);
            for (int i = 0; i < plane; i++) {
                stored[s * plane + i] = (short) Math.clamp(Math.round(values[i]), -1024, 3071);
            }
        }
        double corner = grid.x(0);
        var upright = Geometry.upright(grid.spacing(), grid.spacing(), grid.step());
        var geometry = new Geometry(
                new Vector3(corner, corner, grid.z(0)), upright.columnStep(), upright.rowStep(), upright.sliceStep());
        return new Volume(
                grid.side(),
                grid.side(),
                slices,
                geometry,
                Volume.Unit.HOUNSFIELD,
                new Voxels.Shorts(stored, false, 1, 0));
    }
}
