package konsil.phantom.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/**
 * A report as a PDF of one page, A4. The letters are those that PDFBox carries with it, put into the file, so that it
 * looks the same whatever fonts a machine has.
 */
final class LabPage {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
    private static final float POINTS = 10;
    private static final float TITLE_POINTS = 14;
    private static final float LEADING = 14;
    private static final float LEFT = 50;
    private static final float TOP = 780;
    /** Points from one column of characters to the next, for what stands behind several spaces. */
    private static final float COLUMN = 6.2f;

    private static final Pattern CELL = Pattern.compile("\\S+(?: \\S+)*");

    private LabPage() {}

    /** @param id of the document; PDFBox would take the time of day */
    static byte[] pdf(List<String> lines, long id) throws IOException {
        try (var document = new PDDocument()) {
            document.setDocumentId(id);
            var font = font(document);
            var page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                for (int i = 0; i < lines.size(); i++) {
                    content.setFont(font, i == 0 ? TITLE_POINTS : POINTS);
                    write(lines.get(i), TOP - i * LEADING, content);
                }
            }
            var bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private static PDFont font(PDDocument document) throws IOException {
        try (var letters = PDDocument.class.getResourceAsStream(FONT)) {
            if (letters == null) throw new IOException("PDFBox lacks its letters " + FONT);
            return PDType0Font.load(document, letters);
        }
    }

    private static void write(String line, float y, PDPageContentStream content) throws IOException {
        var cells = CELL.matcher(line);
        while (cells.find()) {
            content.beginText();
            content.newLineAtOffset(LEFT + COLUMN * cells.start(), y);
            content.showText(cells.group());
            content.endText();
        }
    }
}
