package konsil.media.slide;

import java.util.List;

/**
 * Slides of scanners that look like a plain pyramid of TIFF and are none: their tiles overlap, or several pictures make
 * up the slide. Read as a plain one they would show something else than was on the glass.
 */
final class OtherScanners {
    private static final int XMP = 700;
    private static final int NDPI_FLAG = 65420;
    private static final int SOFTWARE = 305;
    private static final int LONGEST_TEXT = 1 << 16;
    private static final String CONVERT = "; convert it, for example with vips tiffsave --pyramid --tile";

    private OtherScanners() {}

    /** @throws konsil.media.BadMediaException when it is one of them */
    static void refuse(List<TiffDirectory> directories) {
        for (TiffDirectory directory : directories) {
            String kind = kind(directory);
            if (!kind.isEmpty()) {
                throw directory.file().bad("this is a " + kind + " slide, which is not read" + CONVERT);
            }
        }
    }

    private static String kind(TiffDirectory directory) {
        if (directory.text(XMP, LONGEST_TEXT).contains("iScan")) {
            return "Ventana BIF";
        }
        if (directory.has(NDPI_FLAG)) {
            return "Hamamatsu NDPI";
        }
        if (directory.text(SOFTWARE, LONGEST_TEXT).startsWith("MedScan")) {
            return "Trestle";
        }
        boolean leica = directory.text(TiffDirectory.DESCRIPTION, LONGEST_TEXT).contains("leica-microsystems.com/scn");
        return leica ? "Leica SCN" : "";
    }
}
