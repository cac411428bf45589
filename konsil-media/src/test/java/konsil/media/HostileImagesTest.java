package konsil.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut off, damaged or made to take all memory. */
class HostileImagesTest {
    private static final long OVERHEAD = 1 << 20;

    /** Sizes that a few bytes can claim, in a header that is otherwise right. */
    private static byte[] claiming(String kind, int width, int height) {
        byte[] bytes = Golden.file(
                switch (kind) {
                    case "png" -> "png-rgb8.png";
                    case "jpg" -> "lossy-jpeg-8x8.jpg";
                    case "gif" -> "gif-whole.gif";
                    case "bmp" -> "bmp-rgb24.bmp";
                    default -> "tiff-rgb8-tiles.tif";
                });
        var data = ByteBuffer.wrap(bytes);
        switch (kind) {
            case "png" -> {
                data.putInt(16, width).putInt(20, height);
                var crc = new CRC32();
                crc.update(bytes, 12, 17);
                data.putInt(29, (int) crc.getValue());
            }
            case "jpg" -> {
                int frame = text(bytes).indexOf("\u00ff\u00c0");
                data.putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
            }
            case "gif" -> {
                data.order(ByteOrder.LITTLE_ENDIAN);
                int frame = 13 + 768 + 1;
                data.putShort(frame + 4, (short) width).putShort(frame + 6, (short) height);
            }
            case "bmp" -> data.order(ByteOrder.LITTLE_ENDIAN).putInt(18, width).putInt(22, height);
            default -> {
                data.order(ByteOrder.LITTLE_ENDIAN);
                int directory = data.getInt(4);
                data.putInt(directory + 10, width).putInt(directory + 22, height);
            }
        }
        return bytes;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "png,65535,65535",
        "png,2147483647,2147483647",
        "png,-1,-1",
        "png,65536,1",
        "jpg,65535,65535",
        "gif,65535,65535",
        "bmp,65535,65535",
        "bmp,2147483647,1",
        "bmp,-5,5",
        "bmp,30000,30000",
        "tif,65535,65535",
        "tif,-1,-1",
        "tif,65536,2"
    })
    void refusesASizeBeforeItTakesMemory(String kind, int width, int height) {
        refusesWithoutMemory(claiming(kind, width, height));
    }

    private static void refusesWithoutMemory(byte[] bytes) {
        ImageSettings settings = ImageSettings.pillow();
        refuses(bytes, settings);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        refuses(bytes, settings);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(OVERHEAD);
    }

    private static void refuses(byte[] bytes, ImageSettings settings) {
        assertThatThrownBy(() -> ImageFile.decode("x", bytes, settings))
                .isInstanceOf(BadMediaException.class)
                .hasMessageStartingWith("x: ");
    }

    @Test
    void refusesAJpegInsideATiffThatIsLargerThanItsStrip() {
        byte[] bytes = Golden.file("lossy-tiff-jpeg-grey.tif");
        int frame = text(bytes).indexOf("\u00ff\u00c0");
        ByteBuffer.wrap(bytes).putShort(frame + 5, (short) 40_000).putShort(frame + 7, (short) 40_000);
        refusesWithoutMemory(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, Integer.MAX_VALUE})
    void refusesAFileInsideABmp(int compression) {
        byte[] bytes = Golden.file("bmp-rgb24.bmp");
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(30, compression)
                .putInt(34, Integer.MAX_VALUE);
        refusesWithoutMemory(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp", "tif"})
    void refusesNoPixels(String kind) {
        assertThatThrownBy(() -> ImageFile.decode("x", claiming(kind, 0, 5), ImageSettings.pillow()))
                .isInstanceOf(BadMediaException.class);
    }

    @Test
    void keepsTheLimitOfPixels() {
        byte[] bytes = Golden.file("png-rgb8.png");
        var enough = limit(13 * 9);
        assertThat(ImageFile.decode("x", bytes, enough)).hasToString("Raster[13 x 9]");
        assertThatThrownBy(() -> ImageFile.decode("x", bytes, limit(13 * 9 - 1)))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("x: the image is 13 x 9 pixels, the limit is 116 pixels; scale it down first");
    }

    private static ImageSettings limit(long pixels) {
        return new ImageSettings(ImageSettings.Rotation.AS_STORED, ImageSettings.DeepGrey.CLIP, pixels);
    }

    /** What is spare: a GIF's end, the padding of a BMP's last row, the link to a second TIFF directory. */
    @ParameterizedTest
    @CsvSource({
        "png-rgb8-interlaced.png, 0",
        "png-palette8-alpha.png, 0",
        "lossy-jpeg-420-progressive.jpg, 0",
        "lossy-jpeg-restart.jpg, 0",
        "lossy-jpeg-exif6.jpg, 0",
        "gif-small-hole.gif, 3",
        "bmp-rgb24.bmp, 1",
        "bmp-palette4.bmp, 1",
        "bmp-rle8.bmp, 0",
        "tiff-rgb8.tif, 0",
        "tiff-deflate.tif, 0",
        "tiff-tiff_lzw-grey.tif, 4",
        "tiff-group4.tif, 4",
        "lossy-tiff-jpeg.tif, 0",
    })
    void refusesEveryFileThatIsCutOff(String name, int spare) {
        byte[] whole = Golden.file(name);
        for (int length = 0; length < whole.length - spare; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ImageFile.decode(name, cut, ImageSettings.pillow()))
                    .as("%d bytes", length)
                    .isInstanceOf(BadMediaException.class);
        }
    }

    /** Any change gives a picture or the one exception. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "png-rgb8.png",
                "lossy-jpeg-420-progressive.jpg",
                "gif-whole.gif",
                "bmp-rle8.bmp",
                "tiff-lzw-predictor.tif"
            })
    void survivesChangedBytes(String name) {
        var random = new Random(20261121);
        byte[] whole = Golden.file(name);
        int refused = 0;
        for (int round = 0; round < 400; round++) {
            byte[] changed = whole.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            try {
                ImageFile.decode(name, changed, limit(10_000));
            } catch (BadMediaException expected) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void refusesAJpegOfHundredsOfScans() {
        byte[] whole = Golden.file("lossy-jpeg-444-progressive.jpg");
        String hex = HexFormat.of().formatHex(whole);
        int last = hex.lastIndexOf("ffda");
        String scan = hex.substring(last, hex.length() - 4);
        String many = hex.substring(0, last) + scan.repeat(250) + "ffd9";
        assertThatThrownBy(() -> ImageFile.decode("x", HexFormat.of().parseHex(many), ImageSettings.pillow()))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("x: the JPEG has more than 200 scans");
    }

    @Test
    void readsALongRunOfFillBytesWithoutDeepCalls() {
        byte[] whole = Golden.file("lossy-jpeg-8x8.jpg");
        byte[] filled = new byte[whole.length + 2_000_000];
        System.arraycopy(whole, 0, filled, 0, 2);
        for (int i = 2; i < 2_000_002; i += 2) {
            filled[i] = (byte) 0xFF;
        }
        System.arraycopy(whole, 2, filled, 2_000_002, whole.length - 2);
        assertThat(ImageFile.decode("x", filled, ImageSettings.pillow()))
                .isEqualTo(ImageFile.decode("x", whole, ImageSettings.pillow()));
    }
}
