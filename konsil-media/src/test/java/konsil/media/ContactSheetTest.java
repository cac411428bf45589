package konsil.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
    private static int rgb(Raster raster, int x, int y) {
        int at = 3 * (y * raster.width() + x);
        byte[] s = raster.samples();
        return (s[at] & 0xFF) << 16 | (s[at + 1] & 0xFF) << 8 | s[at + 2] & 0xFF;
    }

    @Test
    void pngIsReadBackTheSame() throws IOException {
        for (int[] size : new int[][] {{1, 1}, {7, 3}, {100, 41}}) {
            Raster picture = Golden.picture(size[0], size[1], "noise");
            byte[] bytes = PngWriter.bytes(picture);
            assertThat(ImageFile.decode("out.png", bytes, ImageSettings.careful()))
                    .isEqualTo(picture);
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
            assertThat(image.getRGB(size[0] - 1, size[1] - 1) & 0xFFFFFF)
                    .isEqualTo(rgb(picture, size[0] - 1, size[1] - 1));
        }
    }

    @Test
    void boxesAreOutlinedInsideAndCutAtTheEdge() {
        Raster drawn = Canvas.of(20, 10, 0x102030)
                .outline(new Canvas.Box(3, 2, 9, 8), 2, 0xFF0000)
                .raster();
        String rows = "";
        for (int y = 0; y < 10; y++) {
            for (int x = 0; x < 12; x++) {
                rows += rgb(drawn, x, y) == 0xFF0000 ? "#" : ".";
            }
            rows += "\n";
        }
        assertThat(rows).isEqualTo("""
                        ............
                        ............
                        ...######...
                        ...######...
                        ...##..##...
                        ...##..##...
                        ...######...
                        ...######...
                        ............
                        ............
                        """);
        Raster cut = Canvas.of(4, 4, 0)
                .outline(new Canvas.Box(-5, -5, 100, 3), 1, 0xFFFFFF)
                .picture(-1, 3, Golden.picture(9, 9, "200"))
                .picture(50, 0, Golden.picture(2, 2, "9"))
                .picture(50, 50, Golden.picture(2, 2, "9"))
                .raster();
        assertThat(rgb(cut, 0, 2)).isEqualTo(0xFFFFFF);
        assertThat(rgb(cut, 3, 1)).isZero();
        assertThat(rgb(cut, 3, 3)).isEqualTo(0xC8C8C8);
    }

    @Test
    void everyCharacterHasItsOwnShape() {
        String characters = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.,-:/()%+=_#?";
        var shapes = new HashSet<String>();
        for (int n = 0; n < characters.length(); n++) {
            char c = characters.charAt(n);
            var shape = new StringBuilder();
            for (int i = 0; i < 15; i++) {
                shape.append(BitmapFont.isInk(c, i % 3, i / 3) ? '#' : '.');
            }
            shapes.add(shape.toString());
        }
        assertThat(shapes).hasSize(characters.length());
        assertThat(BitmapFont.isInk('é', 0, 0)).isEqualTo(BitmapFont.isInk('?', 0, 0));
        Raster text = Canvas.of(9, 7, 0x808080).text(0, 0, "l", 1, 0xFFFFFF).raster();
        assertThat(rgb(text, 0, 0)).isZero();
        assertThat(rgb(text, 1, 1)).isEqualTo(0xFFFFFF);
        assertThat(rgb(text, 3, 5)).isEqualTo(0xFFFFFF);
        assertThat(rgb(text, 6, 3)).isEqualTo(0x808080);
    }

    @Test
    void sheetsHoldEveryPictureWithItsLabel() {
        var sheet = new ContactSheet(3, 16, 1);
        Raster drawn = sheet.draw(5, i -> Golden.picture(32, 16, String.valueOf(40 * i + 20)), i -> "S" + i);
        assertThat(drawn.width()).isEqualTo(3 * 20 + 4);
        assertThat(drawn.height()).isEqualTo(2 * (16 + 7 + 4) + 4);
        for (int i = 0; i < 5; i++) {
            int x = 4 + i % 3 * 20 + 8;
            int y = 4 + i / 3 * 27 + 8;
            assertThat(rgb(drawn, x, y) & 0xFF).isEqualTo(40 * i + 20);
            assertThat(rgb(drawn, x, y - 7)).isEqualTo(0x303030);
            assertThat(rgb(drawn, x - 5, y + 8 + 1)).isEqualTo(0xFFFFFF);
        }
        assertThat(ContactSheet.of(85).columns()).isEqualTo(10);
        assertThat(sheet.draw(0, _ -> drawn, _ -> "").width()).isEqualTo(24);
        assertThatThrownBy(() -> new ContactSheet(100, 10_000, 1).draw(100, _ -> drawn, _ -> ""))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("too large together");
    }
}
