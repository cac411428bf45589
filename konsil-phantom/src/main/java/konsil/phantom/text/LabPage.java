package konsil.phantom.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/** A report as a PDF of one page, A4, set in Courier, the first line in bold. */
final class LabPage {
    private static final float POINTS = 10;
    private static final float LEADING = 14;
    private static final float LEFT = 50;
    private static final float TOP = 780;

    private LabPage() {}

    /** @param id of the document; PDFBox would take the time of day */
    static byte[] pdf(List<String> lines, long id) throws IOException {
        try (var document = new PDDocument()) {
            document.setDocumentId(id);
            var page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setLeading(LEADING);
                content.newLineAtOffset(LEFT, TOP);
                for (int i = 0; i < lines.size(); i++) {
                    content.setFont(new PDType1Font(i == 0 ? FontName.COURIER_BOLD : FontName.COURIER), POINTS);
                    content.showText(lines.get(i));
                    content.newLine();
                }
                content.endText();
            }
            var bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }
}
