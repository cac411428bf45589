package konsil.media.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import konsil.media.BadMediaException;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.Raster;
import konsil.media.TestData;
import konsil.media.dicom.DicomFile;
import org.junit.jupiter.api.Test;

/** A slide of a real scanner against what OpenSlide 3.4.1 reads of it (truth/wsi_and_images.json). */
class RealSlideTest {
    private static final Pattern REGION = Pattern.compile("\"x\": (\\d+),\\s+\"y\": (\\d+),\\s+\"w\": (\\d+),"
            + "\\s+\"h\": (\\d+),\\s+\"mean_rgb\": \\[([^\\]]*)\\],\\s+\"px00\": \\[([^\\]]*)\\],"
            + "\\s+\"px128\": \\[([^\\]]*)\\]");

    private static Slide open(String name) throws IOException {
        return SlideFile.open(TestData.folder("wsi").resolve(name), SlideSettings.DEFAULT);
    }

    @Test
    void readsAnAperioSlideAsOpenSlideDoes() throws IOException {
        Path truth = TestData.folder("truth").resolve("wsi_and_images.json");
        try (Slide slide = open("libvips/CMU-1-Small-Region.svs")) {
            assertThat(slide.levels()).containsExactly(new Slide.Level(2220, 2967, 1));
            assertThat(slide.micrometresPerPixel()).hasValue(0.499);
            assertThat(slide.objectivePower()).hasValue(20);
            assertThat(slide.associated())
                    .containsExactly(
                            new Slide.Associated("thumbnail", 574, 768),
                            new Slide.Associated("label", 387, 463),
                            new Slide.Associated("macro", 1280, 431));
            String text = Files.readString(truth);
            var regions = REGION.matcher(text.substring(0, text.indexOf("ihc.png")))
                    .results()
                    .toList();
            for (MatchResult region : regions) {
                requireRegion(slide, region);
            }
            System.out.printf("slides: %d regions of an Aperio slide equal to OpenSlide's%n", regions.size());
            assertThat(regions).hasSizeGreaterThanOrEqualTo(4);
            for (var beside : slide.associated()) {
                Raster picture = slide.associated(beside.name());
                assertThat(picture.width()).isEqualTo(beside.width());
                assertThat(picture.height()).isEqualTo(beside.height());
            }
        }
    }

    private static void requireRegion(Slide slide, MatchResult region) {
        int width = Integer.parseInt(region.group(3));
        int height = Integer.parseInt(region.group(4));
        Raster raster =
                slide.region(0, Integer.parseInt(region.group(1)), Integer.parseInt(region.group(2)), width, height);
        for (int colour = 0; colour < 3; colour++) {
            double sum = 0;
            for (int i = colour; i < raster.samples().length; i += 3) {
                sum += raster.samples()[i] & 0xFF;
            }
            assertThat(sum / width / height)
                    .isCloseTo(Double.parseDouble(region.group(5).split(",", -1)[colour]), within(6e-4));
            assertThat(raster.samples()[colour] & 0xFF)
                    .isEqualTo((int) Double.parseDouble(region.group(6).split(",", -1)[colour]));
            int middle = 3 * (128 * width + 128) + colour;
            assertThat(raster.samples()[middle] & 0xFF)
                    .isEqualTo((int) Double.parseDouble(region.group(7).split(",", -1)[colour]));
        }
    }

    @Test
    void refusesWhatItDoesNotRead() {
        assertThatThrownBy(() -> open("libvips/multi-channel-z-series.ome.tif"))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("photometric interpretation 1 and 1 samples is not read");
        assertThatThrownBy(() -> open("libvips/ojpeg-tile.tif"))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("compression 6 is not read");
        assertThatThrownBy(() -> open("libvips/1bit.tif"))
                .isInstanceOf(BadMediaException.class)
                .hasMessageContaining("samples of 1 bits are not read");
    }

    private static Slide dicom(String name) {
        Path path = TestData.folder("").resolve(name);
        return DicomSlide.of(List.of(DicomFile.open(path)), SlideSettings.DEFAULT);
    }

    /** Google's own picture of all frames of its test slide. */
    @Test
    void readsADicomSlideAsGooglesTestsExpectIt() throws IOException {
        String folder = "medgemma_official/testdata/wsi/";
        Path picture = TestData.folder("").resolve(folder + "multiframe_camelyon_challenge_image.png");
        Raster want = ImageFile.read(picture, ImageSettings.careful());
        try (Slide slide = dicom(folder + "multiframe_camelyon_challenge_image.dcm")) {
            assertThat(slide.levels()).containsExactly(new Slide.Level(1152, 700, 1));
            int most = 0;
            Raster got = slide.region(0, 0, 0, want.width(), want.height());
            int different = 0;
            for (int i = 0; i < want.samples().length; i++) {
                int difference = Math.abs((got.samples()[i] & 0xFF) - (want.samples()[i] & 0xFF));
                most = Math.max(most, difference);
                different += difference > 0 ? 1 : 0;
            }
            System.out.printf(
                    "slides: official DICOM slide, %d x %d, %d samples differ, by at most %d%n",
                    want.width(), want.height(), different, most);
            assertThat(most).isZero();
        }
        assertThatThrownBy(() -> dicom(folder + "test.dcm"))
                .hasMessageContaining("only pictures beside a slide (label)");
    }

    @Test
    void readsOneDicomSlideInThreeEncodings() {
        try (Slide plain = dicom("dicom/highdicom/sm_image.dcm")) {
            Raster want = plain.region(0, 0, 0, 50, 50);
            assertThat(plain.micrometresPerPixel()).hasValue(0.499);
            for (String other : List.of("sm_image_jpegls.dcm", "sm_image_jpegls_nobot.dcm")) {
                try (Slide slide = dicom("dicom/highdicom/" + other)) {
                    assertThat(slide.region(0, 0, 0, 50, 50)).isEqualTo(want);
                }
            }
        }
    }
}
