package konsil.media.dicom;

import java.util.ArrayList;
import java.util.List;

/**
 * An overlay (PS3.3 section C.9.2), which is reported and not drawn.
 *
 * @param group its group, 0x6000 to 0x601E
 * @param rows 0 where the file does not say, as columns
 * @param inPixels whether it stands in unused bits of the pixels, which stored values leave out
 */
public record Overlay(int group, int rows, int columns, boolean inPixels) {
    /** The overlays of a file. */
    public static List<Overlay> of(DicomFile file) {
        DataSet image = file.dataSet();
        var found = new ArrayList<Overlay>();
        for (int group = 0x6000; group <= 0x601E; group += 2) {
            int base = group << 16;
            if (image.has(base | 0x10) || image.has(base | 0x3000)) {
                found.add(new Overlay(
                        group,
                        image.integer(base | 0x10).orElse(0),
                        image.integer(base | 0x11).orElse(0),
                        !image.has(base | 0x3000)));
            }
        }
        return found;
    }
}
