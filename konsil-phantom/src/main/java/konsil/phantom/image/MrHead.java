package konsil.phantom.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.media.Geometry;
import konsil.media.Vector3;
import konsil.media.Volume;
import konsil.media.Voxels;
import konsil.media.nifti.NiftiWriter;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/**
 * MR of a head in three sequences, 20 to 28 slices of 192 pixels, as NIfTI. Lesions are dark on T1 and bright on T2; on
 * FLAIR they are bright, or dark when they hold fluid alone.
 */
public final class MrHead {
    private static final int SIDE = 192;
    private static final double HEIGHT = 110;
    private static final double NOISE = 14;
    private static final double SHADING = 0.18;

    /** How tissues compare in a sequence, simplified; 1000 is the brightest. @param cyst a lesion of fluid alone */
    record Sequence(String word, HeadAnatomy.Values values, double lesion, double cyst) {}

    private static final List<Sequence> SEQUENCES = List.of(
            new Sequence("t1", new HeadAnatomy.Values(850, 40, 150, 430, 620, 350), 280, 160),
            new Sequence("t2", new HeadAnatomy.Values(560, 40, 950, 600, 430, 300), 840, 930),
            new Sequence("flair", new HeadAnatomy.Values(560, 40, 110, 560, 440, 330), 920, 130));

    /** @param finding brain lesion or no abnormality @param spot null when nothing is found */
    record Patient(String finding, String side, boolean bright, Shape.Ellipsoid spot, double radius, int slices) {
        Json.Obj truth() {
            boolean found = spot != null;
            return JsonForm.object(
                    "region",
                    "head",
                    "finding",
                    finding,
                    "side",
                    found ? side : null,
                    "flair",
                    found ? signal() : null);
        }

        private String signal() {
            return bright ? "bright" : "dark";
        }

        List<Question> questions() {
            var all = new ArrayList<Question>();
            all.add(new Question("finding", "What is the main finding?", finding));
            if (spot != null) {
                all.add(new Question("side", "On which side is the brain lesion?", side));
                all.add(new Question("signal", "Is the lesion bright or dark on FLAIR?", signal()));
            }
            return all;
        }
    }

    private MrHead() {}

    /** A volume for each sequence, and what they show. */
    record Scan(Patient patient, List<Volume> volumes) {}

    static Scan made(long seed, int index) {
        var chance = new Chance(seed, "mr", index);
        int slices = chance.between(20, 28);
        boolean found = chance.happens(2.0 / 3);
        boolean left = chance.happens(0.5);
        boolean bright = chance.happens(0.6);
        var anatomy = new HeadAnatomy(new Chance(seed, "mr head", index));
        var spot = anatomy.spot(left ? 1 : -1, chance.between(-20.0, 35.0));
        var patient = new Patient(
                found ? "brain lesion" : "no abnormality",
                left ? "left" : "right",
                bright,
                found ? spot : null,
                anatomy.radius(),
                slices);
        var volumes = new ArrayList<Volume>();
        for (Sequence sequence : SEQUENCES) {
            // The same choices for each, so that it is the same head.
            var same = new HeadAnatomy(new Chance(seed, "mr head", index));
            volumes.add(volume(patient, sequence, same, chance));
        }
        return new Scan(patient, volumes);
    }

    private static Volume volume(Patient patient, Sequence sequence, HeadAnatomy head, Chance chance) {
        var tissues = new ArrayList<>(head.normal(sequence.values()));
        if (patient.spot() != null) {
            tissues.add(new Tissue(patient.spot(), patient.bright() ? sequence.lesion() : sequence.cyst()));
        }
        double spacing = Math.round(2e3 * head.radius() * 1.1 / SIDE) / 1e3;
        double step = Math.round(1e3 * HEIGHT / (patient.slices() - 1)) / 1e3;
        var grid = new Grid(SIDE, spacing, -HEIGHT / 2, step, step, 2);
        short[] stored = new short[patient.slices() * SIDE * SIDE];
        double leaning = chance.between(-1.0, 1.0);
        for (int s = 0; s < patient.slices(); s++) {
            float[] plane = grid.slice(tissues, 0, s);
            for (int i = 0; i < plane.length; i++) {
                double across = (i % SIDE - SIDE / 2.0) / SIDE;
                // Coils shade; the magnitude of a noisy complex signal has Rician noise.
                double signal = plane[i] * (1 + SHADING * leaning * across) + NOISE * chance.normal();
                double other = NOISE * chance.normal();
                stored[s * plane.length + i] = (short) Math.round(Math.sqrt(signal * signal + other * other));
            }
        }
        var steps = Geometry.upright(spacing, spacing, step);
        var origin = new Vector3(grid.x(0), grid.x(0), grid.z(0));
        var geometry = new Geometry(origin, steps.columnStep(), steps.rowStep(), steps.sliceStep());
        var voxels = new Voxels.Shorts(stored, false, 1, 0);
        return new Volume(SIDE, SIDE, patient.slices(), geometry, Volume.Unit.SIGNAL, voxels);
    }

    /** One case: its line; its files are written to a folder that is there. */
    public static Json.Obj make(Path folder, long seed, int index) throws IOException {
        var scan = made(seed, index);
        var files = new ArrayList<String>();
        for (int i = 0; i < SEQUENCES.size(); i++) {
            String file = "mr-%06d-%s.nii.gz".formatted(index, SEQUENCES.get(i).word());
            NiftiWriter.write(folder.resolve(file), scan.volumes().get(i));
            files.add(file);
        }
        var patient = scan.patient();
        var made = new ImageCase("mr", List.of(), true, patient.truth(), patient.questions());
        var shown = files.stream().map(JsonForm::study).toList();
        return ImageCases.line(made, seed, index, "NIFTI", shown, files);
    }
}
