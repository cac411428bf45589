package konsil.media.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.Raster;
import konsil.media.TestData;
import konsil.media.codec.GoldenStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regions against Debian's openslide-write-png (package openslide-tools); skipped where it is not installed. */
class OpenSlideTest {
    private static final Path TOOL = Path.of("/usr/bin/openslide-write-png");

    @TempDir
    Path folder;

    /** How two pictures differ. */
    private record Difference(int samples, int most) {}

    private Raster byOpenSlide(Path slide, int x, int y, int width, int height) throws IOException {
        Path out = folder.resolve("region.png");
        var process = new ProcessBuilder(
                        TOOL.toString(),
                        slide.toString(),
                        Integer.toString(x),
                        Integer.toString(y),
                        "0",
                        Integer.toString(width),
                        Integer.toString(height),
                        out.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(said).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return ImageFile.read(out, ImageSettings.careful());
    }

    private Difference difference(Slide slide, Path path, int x, int y, int width, int height) throws IOException {
        byte[] want = byOpenSlide(path, x, y, width, height).samples();
        byte[] got = slide.region(0, x, y, width, height).samples();
        assertThat(got).hasSameSizeAs(want);
        int samples = 0;
        int most = 0;
        for (int i = 0; i < got.length; i++) {
            int difference = Math.abs((got[i] & 0xFF) - (want[i] & 0xFF));
            samples += difference > 0 ? 1 : 0;
            most = Math.max(most, difference);
        }
        return new Difference(samples, most);
    }

    @Test
    void readsRegionsOfARealSlideAsOpenSlideDoes() throws IOException {
        assumeTrue(Files.isExecutable(TOOL), "skipped: no " + TOOL);
        Path path = TestData.folder("wsi").resolve("libvips/CMU-1-Small-Region.svs");
        var random = new Random(3);
        int equal = 0;
        try (Slide slide = SlideFile.open(path, SlideSettings.DEFAULT)) {
            for (int i = 0; i < 12; i++) {
                int x = random.nextInt(2000);
                int y = random.nextInt(2700);
                var found = difference(slide, path, x, y, 1 + random.nextInt(220), 1 + random.nextInt(260));
                equal += found.samples() == 0 ? 1 : 0;
            }
        }
        System.out.printf("slides: %d of 12 random regions of an Aperio slide equal to OpenSlide's%n", equal);
        assertThat(equal).isEqualTo(12);
    }

    @Test
    void readsJpeg2000AsOpenSlideDoes() throws IOException {
        assumeTrue(Files.isExecutable(TOOL), "skipped: no " + TOOL);
        for (String each : new String[] {
            "colour.j2k,33005",
            "real-colour.j2k,33005",
            "colour-apart.j2k,33003",
            "sub-sampled-422.j2k,33003",
            "sub-sampled-420.j2k,33003"
        }) {
            String[] cells = each.split(",", 2);
            var golden = GoldenStreams.named(cells[0]).stream();
            Raster size = SlideFileTest.picture(2 * golden.width(), golden.height());
            var picture = TiffBytes.picture(size, golden.width(), golden.height(), true, _ -> golden.bytes())
                    .set(TiffDirectory.COMPRESSION, Integer.parseInt(cells[1]))
                    .set(TiffDirectory.PLANAR, 1)
                    .describe("Aperio Image Library\n90x38 |AppMag = 20|MPP = 0.5");
            Path path = folder.resolve("made.svs");
            Files.write(
                    path,
                    new TiffBytes(false, ByteOrder.LITTLE_ENDIAN).add(picture).bytes());
            try (Slide slide = SlideFile.open(path, SlideSettings.DEFAULT)) {
                var found = difference(slide, path, 0, 0, size.width(), size.height());
                System.out.printf(
                        "slides: %s as %s: %d of %d samples differ from OpenSlide's, by at most %d%n",
                        cells[0], cells[1], found.samples(), size.samples().length, found.most());
                assertThat(found.most()).as(each).isLessThanOrEqualTo(1);
            }
        }
    }
}
