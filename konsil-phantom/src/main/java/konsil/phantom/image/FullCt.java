package konsil.phantom.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import konsil.media.Volume;
import konsil.media.nifti.NiftiWriter;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/** CT volumes in Hounsfield units, 24 to 48 slices of 256 or 320 pixels, as DICOM series or NIfTI. */
public final class FullCt {
    private static final int PLANES = 3;

    /** How a volume is written. */
    public enum Form {
        /** A folder of DICOM files, a slice each. */
        DICOM,
        /** One file, packed. */
        NIFTI
    }

    /** A volume and what it shows. @param thickness of a slice, mm */
    record Scan(CtPatient patient, Volume volume, double thickness) {}

    private FullCt() {}

    static Scan made(long seed, int index) {
        var chance = new Chance(seed, "ct", index);
        int slices = chance.between(24, 48);
        var patient = CtPatient.made(chance, slices);
        int side = chance.of(256, 320);
        // Rounded, so that the decimals of a file hold the numbers as they are.
        double spacing = Math.round(2e4 * patient.radius() * chance.between(1.03, 1.2) / side) / 1e4;
        double step = Math.round(1e3 * patient.height() / (slices - 1)) / 1e3;
        double bottom = -Math.round(1e3 * patient.height() / 2) / 1e3;
        var grid = new Grid(side, spacing, bottom, step, step, PLANES);
        var volume = SmallCt.volume(patient, grid, slices, chance.between(8.0, 22.0), chance);
        return new Scan(patient, volume, step);
    }

    /** One case: its line; its files are written to a folder that is there. */
    public static Json.Obj make(Path folder, long seed, int index, Form form) throws IOException {
        var scan = made(seed, index);
        String name = "ct-%06d".formatted(index);
        String study = form == Form.DICOM ? name : name + ".nii.gz";
        if (form == Form.DICOM) {
            String part = scan.patient().region().toUpperCase(Locale.ROOT);
            new MadeUpDicom(seed, "ct", index).writeCt(folder.resolve(name), scan.volume(), part, scan.thickness());
        } else {
            NiftiWriter.write(folder.resolve(study), scan.volume());
        }
        var patient = scan.patient();
        var picture = new ImageCase("ct", List.of(), true, patient.truth(), patient.questions());
        return ImageCases.line(picture, seed, index, form.name(), List.of(JsonForm.study(study)), List.of(study));
    }
}
