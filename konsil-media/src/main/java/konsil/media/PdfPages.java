package konsil.media;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;

/** Pages of PDF documents as pictures. */
public final class PdfPages {
    private static final int MOST_PAGES = 100;
    private static final long MOST_BYTES = 256L << 20;
    private static final double INCH = 72;
    private static final double SMALLEST = 1;

    private PdfPages() {}

    /** Whether a file begins as a PDF does. */
    public static boolean isPdf(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (var in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(5);
            return new String(start, java.nio.charset.StandardCharsets.ISO_8859_1).equals("%PDF-");
        }
    }

    /**
     * Draws all pages, the longer side of each at this length.
     *
     * @param side pixels
     * @throws BadMediaException when the file is no PDF, damaged, locked, or has no page or more than 100
     * @throws IOException when the disk fails
     */
    public static List<Raster> read(Path path, int side) throws IOException {
        String name = String.valueOf(path.getFileName());
        if (!Files.isRegularFile(path)) {
            throw new BadMediaException(name, "there is no such file");
        }
        if (Files.size(path) > MOST_BYTES) {
            throw new BadMediaException(name, "is larger than %d bytes, the limit".formatted(MOST_BYTES));
        }
        return decode(name, Files.readAllBytes(path), side);
    }

    /** A document that is already in memory, otherwise as {@link #read}. */
    public static List<Raster> decode(String name, byte[] bytes, int side) {
        try (PDDocument document = Loader.loadPDF(bytes)) {
            int count = document.getNumberOfPages();
            if (count < 1 || count > MOST_PAGES) {
                throw new BadMediaException(name, "has %d pages, want 1 to %d".formatted(count, MOST_PAGES));
            }
            var renderer = new PDFRenderer(document);
            var pages = new ArrayList<Raster>();
            for (int i = 0; i < count; i++) {
                PDRectangle box = document.getPage(i).getCropBox();
                double longer = Math.max(box.getWidth(), box.getHeight());
                if (!(longer >= SMALLEST) || !(Math.min(box.getWidth(), box.getHeight()) * side >= longer)) {
                    throw new BadMediaException(name, "page %d has no usable size".formatted(i + 1));
                }
                float dpi = (float) (side / longer * INCH);
                pages.add(raster(renderer.renderImageWithDPI(i, dpi, ImageType.RGB)));
            }
            return pages;
        } catch (BadMediaException e) {
            throw e;
        } catch (InvalidPasswordException e) {
            throw new BadMediaException(name, "is locked by a password; want one without", e);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // PDFBox meets damage with exceptions of many kinds; what they say may be words of the document.
            throw new BadMediaException(name, "is no PDF document, or damaged", e);
        }
    }

    private static Raster raster(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] samples = Raster.room(width, height);
        int[] row = new int[width];
        for (int y = 0, at = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int pixel : row) {
                samples[at++] = (byte) (pixel >> 16);
                samples[at++] = (byte) (pixel >> 8);
                samples[at++] = (byte) pixel;
            }
        }
        return new Raster(width, height, samples);
    }
}
