package konsil.medgemma.inputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import konsil.medgemma.inputs.SlidePatches.Place;
import konsil.media.Raster;
import konsil.media.slide.Slide;
import konsil.media.slide.SlideFile;
import konsil.media.slide.SlideSettings;
import konsil.tensor.BadInputException;
import org.junit.jupiter.api.Test;

class SlidePatchesTest {
    /** A slide without a file: tissue where column + row of a 10 fold patch is even, glass elsewhere. */
    private record Drawn(List<Level> levels, OptionalDouble micrometresPerPixel) implements Slide {
        static Drawn of(double micrometres, int side, double... downsamples) {
            var levels = Arrays.stream(downsamples)
                    .mapToObj(d -> new Level((int) (side / d), (int) (side / d), d))
                    .toList();
            return new Drawn(levels, OptionalDouble.of(micrometres));
        }

        @Override
        public String name() {
            return "drawn";
        }

        @Override
        public OptionalDouble objectivePower() {
            return OptionalDouble.empty();
        }

        @Override
        public Raster region(int level, long x, long y, int width, int height) {
            double micrometres =
                    micrometresPerPixel.orElse(0) * levels.get(level).downsample();
            byte[] samples = new byte[3 * width * height];
            for (int i = 0; i < samples.length; i++) {
                long column = (long) ((x + i / 3 % width + 0.5) * micrometres / PatchSettings.SIDE);
                long row = (long) ((y + i / 3 / width + 0.5) * micrometres / PatchSettings.SIDE);
                samples[i] = (byte) ((column + row) % 2 == 0 ? 150 : 240);
            }
            return new Raster(width, height, samples);
        }

        @Override
        public List<Associated> associated() {
            return List.of();
        }

        @Override
        public Raster associated(String name) {
            throw new IllegalStateException("asked for " + name);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private static final int GRID = 6;
    private static final int SIDE = PatchSettings.SIDE;

    @Test
    void takesTissueRowByRowFromTheNearestLevel() {
        Slide slide = Drawn.of(0.25, GRID * SIDE * 4, 1, 4, 16, 32);
        var patches = SlidePatches.of(slide, PatchSettings.published());
        assertThat(patches.level()).isEqualTo(1);
        assertThat(patches.count()).isEqualTo(GRID * GRID / 2).isEqualTo(patches.found());
        assertThat(patches.places().subList(0, 4)).containsExactly(place(0, 0), place(2, 0), place(4, 0), place(1, 1));
        assertThat(patches.picture(3).samples()).containsOnly(150);
        assertThat(patches.picture(3).width()).isEqualTo(SIDE);
        assertThat(patches.source(3)).isEqualTo("x 3584, y 3584");
    }

    private static Place place(int column, int row) {
        return new Place(4L * SIDE * column, 4L * SIDE * row, 4L * SIDE);
    }

    @Test
    void choosesByASeedAndKeepsTheOrder() {
        Slide slide = Drawn.of(0.25, GRID * SIDE * 4, 1, 4, 16, 32);
        var published = PatchSettings.published();
        var first = new PatchSettings(10, 7, 1, 0.8, OptionalDouble.empty());
        var places = SlidePatches.of(slide, first).places();
        assertThat(places).hasSize(7).isEqualTo(SlidePatches.of(slide, first).places());
        assertThat(SlidePatches.of(slide, first).found()).isEqualTo(18);
        assertThat(places)
                .isSortedAccordingTo(Comparator.comparingLong(Place::y).thenComparingLong(Place::x));
        assertThat(SlidePatches.of(slide, published).places()).containsAll(places);
        var seen = new HashSet<List<Place>>();
        for (long seed = 0; seed < 10; seed++) {
            var settings = new PatchSettings(10, 7, seed, 0.8, OptionalDouble.empty());
            seen.add(SlidePatches.of(slide, settings).places());
        }
        assertThat(seen).hasSizeGreaterThan(5);
    }

    @Test
    void scalesAFinerLevelWhereNoneIsNear() {
        // 40 fold and 10 fold alone: 20 fold is read from the first and halved, 5 fold from the second.
        Slide slide = Drawn.of(0.25, GRID * SIDE * 4, 1, 4, 32);
        var twenty = SlidePatches.of(slide, PatchSettings.at(20));
        assertThat(twenty.level()).isZero();
        assertThat(twenty.count()).isEqualTo(GRID * GRID * 2);
        assertThat(twenty.picture(1).samples()).containsOnly(150);
        assertThat(twenty.places().get(1)).isEqualTo(new Place(2L * SIDE, 0, 2L * SIDE));
        var five = SlidePatches.of(slide, new PatchSettings(5, 126, 0, 0.9, OptionalDouble.empty()));
        assertThat(five.level()).isEqualTo(1);
        assertThat(five.count()).isEqualTo(GRID * GRID / 4);
        Raster picture = five.picture(0);
        assertThat(picture.width()).isEqualTo(SIDE);
        assertThat(picture.samples()[0] & 0xFF).isEqualTo(150);
        assertThat(picture.samples()[3 * (SIDE - 1)] & 0xFF).isEqualTo(240);
    }

    @Test
    void toleratesALevelThatIsNearlyRight() {
        Slide slide = Drawn.of(0.48, GRID * SIDE * 2, 1, 2, 16);
        assertThat(SlidePatches.of(slide, PatchSettings.at(20)).level()).isZero();
        assertThat(SlidePatches.of(slide, PatchSettings.at(20))
                        .places()
                        .getFirst()
                        .side())
                .isEqualTo(SIDE);
        assertThatThrownBy(() -> SlidePatches.of(slide, PatchSettings.at(40)))
                .isInstanceOf(BadInputException.class)
                .hasMessage("drawn: its finest size has 0.480 micrometres a pixel, 0.250 are wanted at 40.0 fold");
    }

    @Test
    void saysWhatIsMissing() {
        Slide slide = Drawn.of(1, GRID * SIDE, 1);
        assertThatThrownBy(() -> SlidePatches.of(slide, new PatchSettings(10, 5, 0, 0.5, OptionalDouble.empty())))
                .hasMessageStartingWith("drawn: no tissue found");
        var unknown = new Drawn(slide.levels(), OptionalDouble.empty());
        assertThatThrownBy(() -> SlidePatches.of(unknown, PatchSettings.published()))
                .hasMessageContaining("want micrometres per pixel");
        assertThatThrownBy(() -> PatchSettings.at(0)).isInstanceOf(BadInputException.class);
        // A slide smaller than a patch is one patch.
        var small = SlidePatches.of(Drawn.of(1, 300, 1), PatchSettings.published());
        assertThat(small.places()).containsExactly(new Place(0, 0, SIDE));
    }

    @Test
    void readsARealSlide() throws IOException {
        String named = System.getenv("KONSIL_DATA");
        Path path = Path.of(named == null ? "/work/shared/data" : named).resolve("wsi/libvips/CMU-1-Small-Region.svs");
        assumeTrue(Files.exists(path), "skipped: no file " + path);
        try (Slide slide = SlideFile.open(path, SlideSettings.DEFAULT)) {
            var patches = SlidePatches.of(slide, PatchSettings.at(20));
            System.out.printf("patches: %d of %d with tissue at 20 fold%n", patches.count(), 2 * 3);
            assertThat(patches.count()).isBetween(3, 6);
            assertThat(patches.picture(0))
                    .isEqualTo(slide.region(
                            0,
                            patches.places().getFirst().x(),
                            patches.places().getFirst().y(),
                            SIDE,
                            SIDE));
            assertThat(SlidePatches.of(slide, PatchSettings.published())
                            .picture(0)
                            .width())
                    .isEqualTo(SIDE);
        }
    }
}
