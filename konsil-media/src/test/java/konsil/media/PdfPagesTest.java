package konsil.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PdfPagesTest {
    private static byte[] pdf(String box) {
        String page = "0 0 50 50 re f";
        return ("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                        + "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                        + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[" + box + "]/Contents 4 0 R>>endobj\n"
                        + "4 0 obj<</Length " + page.length() + ">>stream\n" + page
                        + "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void drawsAPageAtTheWantedLength() {
        Raster page = PdfPages.decode("a.pdf", pdf("0 0 200 100"), 400).getFirst();
        assertThat(page.width()).isEqualTo(400);
        assertThat(page.height()).isEqualTo(200);
        // The square is at the lower left, for PDF counts upwards.
        assertThat(page.samples()[3 * (150 * 400 + 50)]).isZero();
        assertThat(page.samples()[3 * (50 * 400 + 50)]).isEqualTo((byte) 255);
        assertThat(page.samples()[3 * (150 * 400 + 150)]).isEqualTo((byte) 255);
    }

    @Test
    void refusesPagesWithoutASize() {
        assertThatThrownBy(() -> PdfPages.decode("a.pdf", pdf("0 0 1000000 1"), 400))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("a.pdf: page 1 has no usable size");
    }

    @Test
    void damageIsOneException() {
        byte[] whole = pdf("0 0 20 10");
        var random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = i < 60 ? Arrays.copyOf(whole, i * whole.length / 60) : whole.clone();
            if (i >= 60) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(PdfPages.decode("a.pdf", bytes, 40)).hasSizeLessThan(101);
            } catch (BadMediaException refused) {
                assertThat(refused).hasMessageStartingWith("a.pdf: ");
            }
        }
    }
}
