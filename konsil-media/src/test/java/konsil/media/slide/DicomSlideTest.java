package konsil.media.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konsil.media.BadMediaException;
import konsil.media.Raster;
import konsil.media.codec.GoldenStreams;
import konsil.media.dicom.DicomFile;
import konsil.media.dicom.DicomWriter;
import konsil.media.dicom.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DicomSlideTest {
    private static final String PLAIN = "1.2.840.10008.1.2.1";
    private static final int TILE = 16;

    /** A whole slide image without its pixels. */
    static DicomWriter header(String flavour, int width, int height, int tileWidth, int tileHeight) {
        var measures = DicomWriter.explicitLittle().text(Tag.PIXEL_SPACING, "DS", 0.02 / width + "\\" + 0.02 / width);
        var shared = DicomWriter.explicitLittle().sequence(Tag.PIXEL_MEASURES_SEQUENCE, false, measures);
        return DicomWriter.explicitLittle()
                .text(Tag.IMAGE_TYPE, "CS", "ORIGINAL\\PRIMARY\\" + flavour + "\\NONE")
                .text(Tag.SOP_CLASS_UID, "UI", "1.2.840.10008.5.1.4.1.1.77.1.6")
                .text(Tag.MODALITY, "CS", "SM")
                .text(Tag.SERIES_INSTANCE_UID, "UI", "1.2.3")
                .image(tileHeight, tileWidth, 3, new int[] {8, 8}, false, "RGB")
                .us(Tag.PLANAR_CONFIGURATION, 0)
                .bytes(Tag.TOTAL_PIXEL_MATRIX_COLUMNS, "UL", little(width))
                .bytes(Tag.TOTAL_PIXEL_MATRIX_ROWS, "UL", little(height))
                .sequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, false, shared);
    }

    static byte[] little(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** Tiles of a picture, row by row. */
    private static List<byte[]> tiles(Raster whole) {
        var tiles = new ArrayList<byte[]>();
        for (int y = 0; y < whole.height(); y += TILE) {
            for (int x = 0; x < whole.width(); x += TILE) {
                tiles.add(TiffBytes.cut(whole, x, y, TILE, TILE).samples());
            }
        }
        return tiles;
    }

    private static DicomFile plain(DicomWriter header, List<byte[]> frames) {
        var pixels = ByteBuffer.allocate(frames.stream().mapToInt(f -> f.length).sum());
        frames.forEach(pixels::put);
        return header.text(Tag.NUMBER_OF_FRAMES, "IS", Integer.toString(frames.size()))
                .bytes(Tag.PIXEL_DATA, "OB", pixels.array())
                .open(PLAIN);
    }

    private static DicomFile full(String flavour, Raster whole) {
        var header = header(flavour, whole.width(), whole.height(), TILE, TILE)
                .text(Tag.DIMENSION_ORGANIZATION_TYPE, "CS", "TILED_FULL");
        return plain(header, tiles(whole));
    }

    /** @param places columns and rows of the first pixel of each frame, from 1 */
    private static DicomFile sparse(Raster whole, List<byte[]> frames, int[]... places) {
        var groups = new ArrayList<DicomWriter>();
        for (int[] place : places) {
            var position = DicomWriter.explicitLittle()
                    .bytes(Tag.COLUMN_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX, "SL", little(place[0]))
                    .bytes(Tag.ROW_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX, "SL", little(place[1]));
            groups.add(DicomWriter.explicitLittle().sequence(Tag.PLANE_POSITION_SLIDE_SEQUENCE, true, position));
        }
        var header = header("VOLUME", whole.width(), whole.height(), TILE, TILE)
                .text(Tag.DIMENSION_ORGANIZATION_TYPE, "CS", "TILED_SPARSE")
                .sequence(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, true, groups.toArray(DicomWriter[]::new));
        return plain(header, frames);
    }

    private static Slide open(DicomFile... files) {
        return DicomSlide.of(Arrays.asList(files), SlideSettings.DEFAULT);
    }

    @Test
    void putsFullTilesTogetherInEveryLevel() {
        Raster large = SlideFileTest.picture(75, 52);
        Raster small = SlideFileTest.picture(37, 26);
        try (Slide slide = open(full("VOLUME", small), full("VOLUME", large))) {
            assertThat(slide.levels()).hasSize(2);
            assertThat(slide.levels().get(1).downsample()).isCloseTo(2.01, within(0.01));
            assertThat(slide.micrometresPerPixel().getAsDouble()).isCloseTo(20.0 / 75, within(1e-9));
            assertThat(slide.region(0, 0, 0, 75, 52)).isEqualTo(large);
            assertThat(slide.region(1, 0, 0, 37, 26)).isEqualTo(small);
            Raster beyond = slide.region(0, 70, 50, 10, 10);
            assertThat(beyond.samples()[3 * 6]).isEqualTo((byte) 255);
            assertThat(beyond.samples()[1]).isEqualTo(large.samples()[3 * (50 * 75 + 70) + 1]);
        }
    }

    @Test
    void putsSparseTilesWhereTheySayTheyAre() {
        Raster whole = SlideFileTest.picture(40, 20);
        List<byte[]> tiles = tiles(whole);
        var file = sparse(
                whole,
                List.of(tiles.get(4), tiles.get(0), tiles.get(5), tiles.get(2), tiles.get(1)),
                new int[] {17, 17},
                new int[] {1, 1},
                new int[] {33, 17},
                new int[] {33, 1},
                new int[] {17, 1});
        try (Slide slide = open(file)) {
            assertThat(slide.region(0, 0, 0, 40, 16)).isEqualTo(TiffBytes.cut(whole, 0, 0, 40, 16));
            assertThat(slide.region(0, 16, 16, 24, 4)).isEqualTo(TiffBytes.cut(whole, 16, 16, 24, 4));
            byte[] missing = slide.region(0, 0, 16, 16, 4).samples();
            assertThat(missing).containsOnly((byte) 255);
        }
    }

    @Test
    void refusesTilesBesideTheGrid() {
        Raster whole = SlideFileTest.picture(40, 20);
        var file = sparse(whole, List.of(tiles(whole).getFirst()), new int[] {5, 1});
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(BadMediaException.class)
                .hasMessageStartingWith("x: frame 1 of the slide lies beside the grid of its tiles of 16 x 16");
    }

    @Test
    void joinsConcatenations() {
        Raster whole = SlideFileTest.picture(40, 20);
        List<byte[]> tiles = tiles(whole);
        var files = new ArrayList<DicomFile>();
        for (int first : new int[] {4, 0}) {
            var header = header("VOLUME", 40, 20, TILE, TILE)
                    .text(Tag.DIMENSION_ORGANIZATION_TYPE, "CS", "TILED_FULL")
                    .bytes(Tag.CONCATENATION_FRAME_OFFSET_NUMBER, "UL", little(first));
            files.add(plain(header, tiles.subList(first, first == 0 ? 4 : 6)));
        }
        try (Slide slide = DicomSlide.of(files, SlideSettings.DEFAULT)) {
            assertThat(slide.levels()).hasSize(1);
            assertThat(slide.region(0, 0, 0, 40, 20)).isEqualTo(whole);
        }
    }

    @Test
    void keepsWhatShowsTheLabelAside() {
        Raster whole = SlideFileTest.picture(40, 20);
        Raster label = SlideFileTest.picture(30, 30);
        var labelled = plain(
                header("VOLUME", 90, 40, TILE, TILE).text(Tag.SPECIMEN_LABEL_IN_IMAGE, "CS", "YES"),
                tiles(SlideFileTest.picture(90, 40)));
        try (Slide slide = open(full("LABEL", label), full("VOLUME", whole), labelled, full("THUMBNAIL", whole))) {
            assertThat(slide.levels()).containsExactly(new Slide.Level(40, 20, 1));
            assertThat(slide.associated())
                    .extracting(Slide.Associated::name)
                    .containsExactlyInAnyOrder("label", "macro", "thumbnail");
            assertThat(slide.associated("label")).isEqualTo(label);
            assertThatThrownBy(() -> slide.associated("other")).hasMessageContaining("want one of");
        }
        assertThatThrownBy(() -> open(full("LABEL", label)))
                .isInstanceOf(BadMediaException.class)
                .hasMessage(
                        "x: only pictures beside a slide (label), which may show a name and are not shown to a model");
    }

    @Test
    void leavesOutWhatIsNoLevelOfTheSlide() {
        Raster whole = SlideFileTest.picture(80, 40);
        var deep = DicomWriter.explicitLittle()
                .image(2, 2, 1, new int[] {16, 16}, false, "MONOCHROME2")
                .bytes(Tag.PIXEL_DATA, "OW", new byte[8])
                .open(PLAIN);
        var files = List.of(
                full("VOLUME", whole), full("VOLUME", whole), full("VOLUME", SlideFileTest.picture(40, 40)), deep);
        try (var slide = DicomSlide.of(files, SlideSettings.DEFAULT)) {
            assertThat(slide.levels()).hasSize(1);
            assertThat(slide.leftOut())
                    .containsExactlyInAnyOrder(
                            "x: another picture of the same level",
                            "x: not of the slide's shape",
                            "x: a slide of 1 samples with 16 bits (MONOCHROME2) is not shown, want colours or grey"
                                    + " of 8 bits");
        }
    }

    /** One golden code stream in the place of each of two tiles. */
    @ParameterizedTest
    @CsvSource({
        "colour.j2k,1.2.840.10008.1.2.4.90,YBR_RCT",
        "colour-n.jls,1.2.840.10008.1.2.4.80,RGB",
        "lossless-colour.jpg,1.2.840.10008.1.2.4.70,RGB"
    })
    void unpacksFrames(String name, String syntax, String photometric) {
        var golden = GoldenStreams.named(name);
        byte[] stream = golden.stream().bytes();
        var file = header("VOLUME", 90, 38, 45, 38)
                .text(Tag.PHOTOMETRIC_INTERPRETATION, "CS", photometric)
                .text(Tag.NUMBER_OF_FRAMES, "IS", "2")
                .fragments(new int[0], List.of(stream, stream))
                .open(syntax);
        byte[] samples = new byte[3 * 45 * 38];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) golden.samples()[i];
        }
        try (Slide slide = open(file)) {
            assertThat(slide.region(0, 0, 0, 45, 38)).isEqualTo(new Raster(45, 38, samples));
            assertThat(slide.region(0, 45, 0, 45, 38)).isEqualTo(new Raster(45, 38, samples));
        }
    }

    @Test
    void readsOrRefusesWhateverTheBytes() {
        var writer = header("VOLUME", 40, 20, TILE, TILE)
                .text(Tag.NUMBER_OF_FRAMES, "IS", "6")
                .text(Tag.DIMENSION_ORGANIZATION_TYPE, "CS", "TILED_FULL");
        byte[] file = writer.bytes(Tag.PIXEL_DATA, "OB", new byte[6 * 3 * TILE * TILE])
                .file(PLAIN);
        assertThat(readsOrRefuses(file)).isTrue();
        int header = file.length - 6 * 3 * TILE * TILE;
        for (int length = 0; length < header; length += 3) {
            assertThat(readsOrRefuses(Arrays.copyOf(file, length)))
                    .as("cut at %d", length)
                    .isFalse();
        }
        var random = new java.util.Random(9);
        for (int i = 0; i < 2000; i++) {
            byte[] changed = file.clone();
            changed[128 + random.nextInt(header - 128)] = (byte) random.nextInt(256);
            readsOrRefuses(changed);
        }
    }

    /** Opens as a slide and reads a corner of every level. @return whether all of it was read */
    static boolean readsOrRefuses(byte[] bytes) {
        var settings = new SlideSettings(1 << 16, 1 << 14);
        try (Slide slide = DicomSlide.of(List.of(DicomFile.of("hostile", bytes)), settings)) {
            for (int level = 0; level < slide.levels().size(); level++) {
                assertThat(slide.region(level, -3, -3, 60, 40).width()).isEqualTo(60);
            }
            return true;
        } catch (BadMediaException refused) {
            assertThat(refused).hasMessageStartingWith("hostile: ");
            return false;
        }
    }
}
