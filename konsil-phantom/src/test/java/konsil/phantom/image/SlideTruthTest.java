package konsil.phantom.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import konsil.medgemma.inputs.PatchSettings;
import konsil.medgemma.inputs.SlidePatches;
import konsil.media.Raster;
import konsil.media.slide.SlideFile;
import konsil.media.slide.SlideSettings;
import konsil.phantom.text.Chance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SlideTruthTest {
    @TempDir
    private Path folder;

    /** Share of pixels that are nuclei: blue, and little red. */
    private static double dark(Raster picture) {
        int count = 0;
        for (int i = 0; i < picture.samples().length; i += 3) if ((picture.samples()[i] & 0xFF) < 150) count++;
        return 3.0 * count / picture.samples().length;
    }

    @Test
    void nucleiBecomeDenserWithTheGrade() {
        for (int i = 0; i < 12; i++) {
            double[] share = new double[4];
            for (int grade = 1; grade <= 3; grade++) {
                var tumour = new Tumour(grade, 270, new Chance(7, "test " + grade, i));
                var stain = new Stain(96, 96, 270.0 / 96, 0, 0);
                tumour.draw(stain);
                share[grade] = dark(stain.picture(1));
            }
            assertThat(share[1]).isLessThan(share[2]);
            assertThat(share[2]).isLessThan(share[3]);
        }
    }

    @Test
    void aSlideOpensWithItsLevels() throws Exception {
        Raster made = FullSlide.slide(2, 2, new Chance(2, "test", 0));
        FullSlide.write(folder.resolve("slide-000000.svs"), made);
        try (var slide = SlideFile.open(folder.resolve("slide-000000.svs"), SlideSettings.DEFAULT)) {
            assertThat(slide.levels()).hasSize(3);
            assertThat(slide.micrometresPerPixel()).hasValue(0.5);
            assertThat(slide.objectivePower()).hasValue(20);
            assertThat(slide.region(0, 300, 700, 512, 300)).isEqualTo(made.crop(300, 700, 512, 300));
            int half = made.width() / 2;
            Raster middle = made.resized(half, half);
            assertThat(slide.region(1, half - 100, 40, 100, 80)).isEqualTo(middle.crop(half - 100, 40, 100, 80));
        }
    }

    @Test
    void aSlideHasTissueAndGlass() {
        Raster made = FullSlide.slide(1, 2, new Chance(3, "test", 0));
        int corner = made.samples()[1] & 0xFF;
        assertThat(corner).isGreaterThan(235);
        double green = 0;
        Raster middle = made.crop(384, 384, 256, 256);
        for (int i = 1; i < middle.samples().length; i += 3) green += middle.samples()[i] & 0xFF;
        assertThat(green / (256 * 256)).isLessThan(200);
    }

    @Test
    void theModelsInputsFindTheTissue() throws Exception {
        Path file = folder.resolve("found.svs");
        FullSlide.write(file, FullSlide.slide(1, 4, new Chance(4, "test", 0)));
        try (var slide = SlideFile.open(file, SlideSettings.DEFAULT)) {
            assertThat(SlidePatches.of(slide, PatchSettings.published()).count())
                    .isPositive();
        }
    }
}
