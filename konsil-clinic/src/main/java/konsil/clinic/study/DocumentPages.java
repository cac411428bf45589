package konsil.clinic.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.clinic.Picture;
import konsil.clinic.Picture.Origin;
import konsil.media.ImageSettings;
import konsil.media.PdfPages;
import konsil.media.Raster;

/** Pages of a document as pictures: a PDF page by page, a photograph as it is. */
public final class DocumentPages {
    /** Twice what the vision tower takes: small print stays sharp until it is shrunk once. */
    private static final int SIDE = 1792;

    private DocumentPages() {}

    /**
     * @throws konsil.media.BadMediaException when the file is neither, or damaged
     * @throws IOException when the disk fails
     */
    public static List<Picture> of(Path file, ImageSettings settings) throws IOException {
        if (!PdfPages.isPdf(file)) {
            return List.of(Picture.read(file, settings));
        }
        List<Raster> rasters = PdfPages.read(file, SIDE);
        var pages = new ArrayList<Picture>();
        for (int i = 0; i < rasters.size(); i++) {
            Raster raster = rasters.get(i);
            var origin = new Origin("", "page %d of %d".formatted(i + 1, rasters.size()), "drawn by PDFBox");
            pages.add(new Picture("PAGE " + (i + 1), PixelHash.of(raster), raster, origin));
        }
        return pages;
    }
}
