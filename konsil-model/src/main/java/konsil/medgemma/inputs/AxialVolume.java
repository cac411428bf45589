package konsil.medgemma.inputs;

import konsil.media.AxialReslice;
import konsil.media.Volume;

/**
 * A volume as the model knows volumes: axial slices, the patient's right at the left of the picture and the front on
 * top, pixels as wide as high.
 *
 * @param how what was done, for the record: "as stored", "axes exchanged", "resliced"
 */
public record AxialVolume(Volume volume, String how) {
    private static final double MOST_OBLIQUE = 25;
    private static final double MOST_UNEQUAL = 0.02;

    /**
     * Does as little as possible: a volume whose columns and rows run left and back stays as it is, whichever way its
     * slices go; else its axes are exchanged and reversed; and where it then lies more than 25 degrees off the
     * patient's axes, or its pixels are not square, it is resliced.
     *
     * @throws konsil.media.BadMediaException when it cannot be resliced
     */
    public static AxialVolume of(Volume volume) {
        boolean axial = volume.geometry().axes().startsWith("LP");
        Volume turned = axial ? volume : volume.upright();
        var geometry = turned.geometry();
        double ratio = geometry.columnSpacing() / geometry.rowSpacing();
        boolean square = Math.abs(ratio - 1) <= MOST_UNEQUAL;
        if (geometry.obliquity() > MOST_OBLIQUE || !square) {
            return new AxialVolume(AxialReslice.of(turned).apply(turned), "resliced");
        }
        return new AxialVolume(turned, axial ? "as stored" : "axes exchanged");
    }
}
