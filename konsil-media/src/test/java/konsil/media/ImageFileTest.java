package konsil.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import konsil.media.ImageSettings.DeepGrey;
import konsil.media.ImageSettings.Rotation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImageFileTest {
    /** Pillow reads these: some without a part of the picture, the others are kinds that are not read here. */
    private static final Set<String> REFUSED_HERE_ALONE = Set.of(
            "bad-png-few-rows.png",
            "bad-png-no-end.png",
            "bad-png-no-palette.png",
            "bad-jpeg-arithmetic.jpg",
            "bad-jpeg-no-tables.jpg",
            "tiff-rgb8-big.tif",
            "tiff-lab.tif",
            "tiff-white-is-zero16.tif",
            "tiff-deflate-predictor16.tif",
            "unread-webp.webp");

    /** Pillow refuses these; the tests below say what becomes of them here. */
    private static final Set<String> READ_HERE_ALONE = Set.of("bmp-rle8-early-end.bmp", "lossy-jpeg-bad-jfif.jpg");

    @TempDir
    Path folder;

    static Stream<List<String>> files() {
        return Golden.table("expected.tsv").filter(row -> !READ_HERE_ALONE.contains(row.get(0)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsWhatPillowReads(List<String> row) {
        boolean upright = row.get(0).endsWith("@upright");
        String name = row.get(0).replace("@upright", "");
        var settings = upright ? with(Rotation.UPRIGHT, DeepGrey.CLIP) : ImageSettings.pillow();
        if (row.get(3).equals("refused") || REFUSED_HERE_ALONE.contains(name)) {
            refuses(name, settings);
        } else {
            var read = ImageFile.decode(name, Golden.file(name), settings);
            assertThat(read).hasToString("Raster[%s x %s]", row.get(1), row.get(2));
            assertThat(HexFormat.of().formatHex(read.samples())).isEqualTo(row.get(3));
        }
    }

    private static void refuses(String name, ImageSettings settings) {
        assertThatThrownBy(() -> ImageFile.decode(name, Golden.file(name), settings))
                .isInstanceOf(BadMediaException.class)
                .hasMessageStartingWith(name + ": ")
                .extracting(Throwable::getMessage)
                .asString()
                .hasSizeBetween(name.length() + 12, 250)
                .doesNotContain("Exception");
    }

    private static ImageSettings with(Rotation rotation, DeepGrey deepGrey) {
        return new ImageSettings(rotation, deepGrey, ImageSettings.DEFAULT_MAX_PIXELS);
    }

    @Test
    void readsARunLengthBmpThatEndsEarlyAsColour0FromThere() {
        var whole = decode("bmp-rle8.bmp");
        var early = decode("bmp-rle8-early-end.bmp");
        assertThat(early.crop(0, 8, 13, 1)).isEqualTo(whole.crop(0, 8, 13, 1));
        byte[] rest = early.crop(0, 0, 13, 8).samples();
        for (int i = 0; i < rest.length; i++) {
            assertThat(rest[i]).isEqualTo(rest[i % 3]);
        }
    }

    @Test
    void doesWithoutAJfifSegmentThatIsTooShort() {
        assertThat(decode("lossy-jpeg-bad-jfif.jpg")).isEqualTo(decode("lossy-jpeg-tail.jpg"));
    }

    private static Raster decode(String name) {
        return ImageFile.decode(name, Golden.file(name), ImageSettings.pillow());
    }

    @ParameterizedTest
    @CsvSource({
        "png-grey16-levels.png,  0 0 0 0 1 1 1 1 2 16 127 128 255, 'from 0 to 65535'",
        "tiff-float-II.tif, '', 'do not fit 8 bits'",
        "tiff-int32.tif, '', 'from -2'",
    })
    void stretchesOrRefusesDeepGrey(String name, String levels, String message) {
        byte[] bytes = Golden.file(name);
        var stretched = ImageFile.decode(name, bytes, with(Rotation.AS_STORED, DeepGrey.STRETCH));
        int least = 255;
        int most = 0;
        for (byte sample : stretched.samples()) {
            least = Math.min(least, sample & 0xFF);
            most = Math.max(most, sample & 0xFF);
        }
        assertThat(least).isZero();
        assertThat(most).isEqualTo(255);
        var row = new StringBuilder();
        for (int x = 0; x < stretched.width() && !levels.isEmpty(); x++) {
            row.append(x == 0 ? "" : " ").append(stretched.samples()[3 * x] & 0xFF);
        }
        assertThat(row.toString()).isEqualTo(levels);
        assertThatThrownBy(() -> ImageFile.decode(name, bytes, ImageSettings.careful()))
                .isInstanceOf(BadMediaException.class)
                .hasMessageStartingWith(name + ": grey values ")
                .hasMessageContaining(message)
                .hasMessageContaining("do not fit 8 bits");
    }

    @ParameterizedTest
    @EnumSource
    void leavesGreyThatFitsEightBitsAlone(DeepGrey way) {
        byte[] shallow = Golden.file("tiff-uint32-shallow.tif");
        assertThat(ImageFile.decode("x", shallow, with(Rotation.AS_STORED, way)))
                .isEqualTo(decode("tiff-uint32-shallow.tif"));
    }

    @Test
    void namesTheFileButNotTheFolder() throws IOException {
        Path file = Files.write(folder.resolve("scan.png"), new byte[0]);
        assertThatThrownBy(() -> ImageFile.read(file, ImageSettings.pillow()))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("scan.png: the file is empty");
        assertThatThrownBy(() -> ImageFile.read(folder, ImageSettings.pillow()))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("want an image file, this is a folder");
        assertThatThrownBy(() -> ImageFile.read(folder.resolve("none.png"), ImageSettings.pillow()))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("none.png: there is no such file");
    }

    @Test
    void readsAFile() throws IOException {
        Path file = Files.write(folder.resolve("a.png"), Golden.file("png-rgb8.png"));
        assertThat(ImageFile.read(file, ImageSettings.careful())).isEqualTo(decode("png-rgb8.png"));
    }

    @Test
    void tellsOtherKindsByName() {
        assertThatThrownBy(() -> decode("unread-webp.webp"))
                .hasMessageContaining(
                        "this is a WebP file; Konsil reads PNG, JPEG, BMP, GIF and TIFF. Convert it to PNG.");
        byte[] dicom = new byte[200];
        System.arraycopy(new byte[] {'D', 'I', 'C', 'M'}, 0, dicom, 128, 4);
        assertThatThrownBy(() -> ImageFile.decode("x\u001b[31m", dicom, ImageSettings.pillow()))
                .hasMessageStartingWith("x?[31m: this is a DICOM file");
    }
}
