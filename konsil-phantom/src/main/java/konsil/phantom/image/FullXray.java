package konsil.phantom.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import konsil.media.PngWriter;
import konsil.phantom.text.Chance;
import konsil.phantom.text.JsonForm;
import konsil.tensor.file.Json;

/** Pairs of chest radiographs of 1024 by 1024, prior and current, as PNG or DICOM. */
public final class FullXray {
    private static final int SIDE = 1024;
    private static final double NOISE = 0.5;

    /** How a film is written. */
    public enum Form {
        PNG,
        DICOM
    }

    private FullXray() {}

    /** One case: its line; its files are written to a folder that is there. */
    public static Json.Obj make(Path folder, long seed, int index, Form form) throws IOException {
        var patient = new XrayPatient(new Chance(seed, "xray", index));
        String end = form == Form.PNG ? ".png" : ".dcm";
        var files = List.of("xray-%06d-1%s".formatted(index, end), "xray-%06d-2%s".formatted(index, end));
        for (int day = 1; day <= 2; day++) {
            int[] levels = patient.levels(SIDE, day == 2, NOISE);
            Path path = folder.resolve(files.get(day - 1));
            if (form == Form.PNG) PngWriter.write(path, new Film(SIDE).picture(levels));
            else new MadeUpDicom(seed, "xray", index).writeCr(path, SIDE, levels, day);
        }
        var made = new ImageCase("xray", List.of(), false, patient.truth(), patient.questions());
        var shown = files.stream()
                .map(file -> form == Form.PNG ? JsonForm.picture(file) : JsonForm.study(file))
                .toList();
        return ImageCases.line(made, seed, index, form.name(), shown, files);
    }
}
