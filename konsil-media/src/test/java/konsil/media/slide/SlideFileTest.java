package konsil.media.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import konsil.media.BadMediaException;
import konsil.media.ImageFile;
import konsil.media.ImageSettings;
import konsil.media.Raster;
import konsil.media.codec.GoldenStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlideFileTest {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

    @TempDir
    Path folder;

    /** Smooth with noise: some repeats for the packers, no two parts alike. */
    static Raster picture(int width, int height) {
        var random = new Random(5);
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i / 3 % width / 3 + i / 3 / width / 2 * 3 + (random.nextInt(4) == 0 ? i % 3 : 0));
        }
        return new Raster(width, height, samples);
    }

    static Slide open(byte[] bytes) {
        return SlideFile.open(SlideBytes.of("made.svs", bytes), SlideSettings.DEFAULT);
    }

    /** What region() should give, pixel by pixel. */
    private static Raster part(Raster whole, int x, int y, int width, int height) {
        byte[] samples = new byte[3 * width * height];
        for (int i = 0; i < samples.length; i++) {
            int column = x + i / 3 % width;
            int row = y + i / 3 / width;
            boolean inside = column >= 0 && row >= 0 && column < whole.width() && row < whole.height();
            samples[i] = inside ? whole.samples()[3 * (row * whole.width() + column) + i % 3] : (byte) 255;
        }
        return new Raster(width, height, samples);
    }

    private static void requireSame(Slide slide, int level, Raster whole) {
        assertThat(slide.region(level, 0, 0, whole.width(), whole.height())).isEqualTo(whole);
        var random = new Random(17);
        for (int i = 0; i < 40; i++) {
            int x = random.nextInt(whole.width() + 40) - 20;
            int y = random.nextInt(whole.height() + 40) - 20;
            int width = 1 + random.nextInt(60);
            int height = 1 + random.nextInt(60);
            assertThat(slide.region(level, x, y, width, height))
                    .as("%d x %d at %d, %d", width, height, x, y)
                    .isEqualTo(part(whole, x, y, width, height));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NONE,1,false",
        "LZW,5,false",
        "LZW,5,true",
        "DEFLATE,8,false",
        "OLD_DEFLATE,32946,true",
        "PACK_BITS,32773,false"
    })
    void readsEveryLosslessPackingInTilesAndStrips(Packing packing, int number, boolean differences) {
        Raster whole = picture(131, 77);
        TiffBytes.Pack pack = tile -> {
            byte[] samples = differences ? TilePacks.differences(tile) : tile.samples();
            return switch (packing) {
                case LZW -> TilePacks.lzw(samples);
                case DEFLATE, OLD_DEFLATE -> TilePacks.deflate(samples);
                case PACK_BITS -> TilePacks.packBits(samples);
                default -> samples;
            };
        };
        for (boolean big : new boolean[] {false, true}) {
            for (ByteOrder order : List.of(LITTLE, ByteOrder.BIG_ENDIAN)) {
                for (boolean tiled : new boolean[] {true, false}) {
                    var picture = TiffBytes.picture(whole, tiled ? 48 : 131, tiled ? 32 : 20, tiled, pack);
                    picture.set(TiffDirectory.COMPRESSION, number).set(TiffDirectory.PREDICTOR, differences ? 2 : 1);
                    requireSame(open(new TiffBytes(big, order).add(picture).bytes()), 0, whole);
                }
            }
        }
    }

    @Test
    void readsJpegWithTablesThatStandOnce() {
        Raster whole = picture(100, 70);
        byte[] tables = TilePacks.part(TilePacks.jpeg(TiffBytes.cut(whole, 0, 0, 32, 16)), true);
        var ycc = TiffBytes.picture(whole, 32, 16, true, tile -> TilePacks.part(TilePacks.jpeg(tile), false))
                .set(TiffDirectory.COMPRESSION, 7)
                .set(TiffDirectory.JPEG_TABLES, tables);
        ycc.set(TiffDirectory.PHOTOMETRIC, 6);
        try (Slide slide = open(new TiffBytes(false, LITTLE).add(ycc).bytes())) {
            for (int y = 0; y < 70; y += 16) {
                for (int x = 0; x < 100; x += 32) {
                    byte[] jpeg = TilePacks.jpeg(TiffBytes.cut(whole, x, y, 32, 16));
                    Raster want = ImageFile.decode("tile", jpeg, ImageSettings.pillow());
                    int width = Math.min(32, 100 - x);
                    int height = Math.min(16, 70 - y);
                    assertThat(slide.region(0, x, y, width, height)).isEqualTo(want.crop(0, 0, width, height));
                }
            }
        }
        // The same components, said to be red, green and blue: what they are the TIFF decides.
        ycc.set(TiffDirectory.PHOTOMETRIC, 2);
        Raster components = open(new TiffBytes(false, LITTLE).add(ycc).bytes()).region(0, 0, 0, 32, 16);
        byte[] colours = SampleColours.rgbOfYcc(components.samples());
        Raster want =
                ImageFile.decode("tile", TilePacks.jpeg(TiffBytes.cut(whole, 0, 0, 32, 16)), ImageSettings.pillow());
        int most = 0;
        for (int i = 0; i < colours.length; i++) {
            most = Math.max(most, Math.abs((colours[i] & 0xFF) - (want.samples()[i] & 0xFF)));
        }
        assertThat(most).isLessThanOrEqualTo(1);
    }

    private static final String APERIO = "Aperio Image Library v1\n256x200 (64x64) JPEG/RGB|AppMag = 40|MPP = 0.2525";

    /** Levels, a thumbnail before them, label and macro behind. */
    static byte[] aperio() {
        TiffBytes.Pack plain = Raster::samples;
        Raster whole = picture(256, 200);
        return new TiffBytes(false, LITTLE)
                .add(TiffBytes.picture(whole, 64, 64, true, plain).describe(APERIO))
                .add(TiffBytes.picture(picture(40, 30), 40, 8, false, plain).describe("Aperio\n256x200 -> 40x30"))
                .add(TiffBytes.picture(whole.resized(64, 50), 32, 32, true, plain))
                .add(TiffBytes.picture(picture(20, 10), 20, 10, false, plain)
                        .describe("Aperio\nlabel 20x10")
                        .set(TiffDirectory.SUBFILE, 1))
                .add(TiffBytes.picture(picture(30, 12), 30, 12, false, plain)
                        .describe("Aperio\n")
                        .set(TiffDirectory.SUBFILE, 9))
                .bytes();
    }

    @Test
    void tellsLevelsFromPicturesBeside() {
        Slide slide = open(aperio());
        assertThat(slide.levels()).containsExactly(new Slide.Level(256, 200, 1), new Slide.Level(64, 50, 4));
        assertThat(slide.micrometresPerPixel()).hasValue(0.2525);
        assertThat(slide.micrometresPerPixel(1)).hasValue(1.01);
        assertThat(slide.objectivePower()).hasValue(40);
        assertThat(slide.associated())
                .containsExactly(
                        new Slide.Associated("thumbnail", 40, 30),
                        new Slide.Associated("label", 20, 10),
                        new Slide.Associated("macro", 30, 12));
        requireSame(slide, 0, picture(256, 200));
        requireSame(slide, 1, picture(256, 200).resized(64, 50));
        assertThat(slide.associated("label")).isEqualTo(picture(20, 10));
        assertThatThrownBy(() -> slide.associated("barcode"))
                .hasMessageContaining("want one of [thumbnail, label, macro]");
        assertThatThrownBy(() -> slide.region(2, 0, 0, 1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void readsInnerDirectoriesAndSizesOfOme() {
        TiffBytes.Pack plain = Raster::samples;
        Raster whole = picture(128, 96);
        var base = TiffBytes.picture(whole, 32, 32, true, plain)
                .describe("<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Pixels"
                        + " PhysicalSizeX=\"499.0\" PhysicalSizeXUnit=\"nm\"/>"
                        + "<Objective NominalMagnification=\"20\"/>");
        base.inner.add(TiffBytes.picture(whole.resized(64, 48), 32, 32, true, plain));
        base.inner.add(TiffBytes.picture(whole.resized(32, 24), 32, 32, true, plain));
        Slide slide = open(new TiffBytes(true, LITTLE).add(base).bytes());
        assertThat(slide.levels()).extracting(Slide.Level::downsample).containsExactly(1.0, 2.0, 4.0);
        assertThat(slide.micrometresPerPixel().orElse(0)).isCloseTo(0.499, within(1e-12));
        assertThat(slide.objectivePower()).hasValue(20);
        requireSame(slide, 2, whole.resized(32, 24));
    }

    @Test
    void takesResolutionAloneWhereItCanBeAScanners() {
        var picture = TiffBytes.picture(picture(32, 32), 16, 16, true, Raster::samples);
        picture.set(TiffDirectory.RESOLUTION_UNIT, 3).set(TiffDirectory.X_RESOLUTION, 20_000);
        assertThat(open(new TiffBytes(false, LITTLE).add(picture).bytes()).micrometresPerPixel())
                .hasValue(0.5);
        picture.set(TiffDirectory.RESOLUTION_UNIT, 2).set(TiffDirectory.X_RESOLUTION, 72);
        assertThat(open(new TiffBytes(false, LITTLE).add(picture).bytes()).micrometresPerPixel())
                .isEmpty();
    }

    @Test
    void readsGreyAndAlphaAndMissingTiles() {
        var grey = TiffBytes.picture(picture(40, 20), 16, 16, true, tile -> {
            byte[] first = new byte[16 * 16];
            for (int i = 0; i < first.length; i++) {
                first[i] = tile.samples()[3 * i];
            }
            return first;
        });
        grey.set(TiffDirectory.BITS, 8).set(TiffDirectory.SAMPLES, 1).set(TiffDirectory.PHOTOMETRIC, 0);
        grey.tiles.set(1, new byte[0]);
        Slide slide = open(new TiffBytes(false, LITTLE).add(grey).bytes());
        byte dark = (byte) ~picture(40, 20).samples()[0];
        assertThat(slide.region(0, 0, 0, 1, 1).samples()).containsExactly(dark, dark, dark);
        assertThat(slide.region(0, 16, 0, 16, 16).samples()).containsOnly(255);
        var alpha = TiffBytes.picture(picture(40, 20), 16, 16, true, tile -> {
            byte[] four = new byte[4 * 16 * 16];
            for (int i = 0; i < four.length; i++) {
                four[i] = i % 4 == 3 ? 7 : tile.samples()[3 * (i / 4) + i % 4];
            }
            return four;
        });
        alpha.set(TiffDirectory.BITS, 8, 8, 8, 8).set(TiffDirectory.SAMPLES, 4);
        requireSame(open(new TiffBytes(false, LITTLE).add(alpha).bytes()), 0, picture(40, 20));
    }

    /** Two tiles that OpenJPEG packed. */
    private static Slide jpeg2000(String stream, int compression, int photometric) {
        var tile = GoldenStreams.named(stream).stream();
        Raster size = picture(2 * tile.width(), tile.height());
        var picture = TiffBytes.picture(size, tile.width(), tile.height(), true, _ -> tile.bytes())
                .set(TiffDirectory.COMPRESSION, compression)
                .set(TiffDirectory.PHOTOMETRIC, photometric);
        return open(new TiffBytes(false, LITTLE).add(picture).bytes());
    }

    private static byte[] golden(String stream) {
        short[] words = GoldenStreams.named(stream).samples();
        byte[] samples = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            samples[i] = (byte) words[i];
        }
        return samples;
    }

    @ParameterizedTest
    @CsvSource({
        "colour.j2k,33005,2,false",
        "colour.j2k,33005,6,false",
        "colour-apart.j2k,33003,2,true",
        "colour-apart.j2k,33003,6,true",
        "sub-sampled-422.j2k,33003,2,true",
        "sub-sampled-420.j2k,33003,6,true",
        "colour.j2k,34712,6,false",
        "colour-apart.j2k,34712,6,true",
        "colour-apart.j2k,34712,2,false"
    })
    void readsJpeg2000(String stream, int compression, int photometric, boolean luma) {
        byte[] stored = golden(stream);
        var packed = GoldenStreams.named(stream).stream();
        int width = packed.width();
        var tile = new Raster(width, 38, luma ? SampleColours.rgbOfYcc(stored) : stored);
        try (Slide slide = jpeg2000(stream, compression, photometric)) {
            assertThat(slide.region(0, 0, 0, width, 38)).isEqualTo(tile);
            assertThat(slide.region(0, width, 0, width, 38)).isEqualTo(tile);
        }
    }

    @Test
    void refusesJpeg2000ThatIsNone() {
        assertThatThrownBy(() -> jpeg2000("baseline.jpg", 33005, 2).region(0, 0, 0, 8, 8))
                .isInstanceOf(BadMediaException.class)
                .hasMessage("made.svs: a tile is no JPEG 2000, as its compression says it is");
        assertThatThrownBy(() -> jpeg2000("tiles.j2k", 33003, 6).region(0, 0, 0, 8, 8))
                .hasMessageContaining("the compressed picture is 61 x 47 with 1 components");
    }

    @Test
    void keepsNoMoreTilesThanItMay() {
        byte[] bytes = aperio();
        var settings = new SlideSettings(2 * (3 * 64 * 64 + 64), 1 << 20);
        var slide = (TiffSlide) SlideFile.open(SlideBytes.of("made.svs", bytes), settings);
        requireSame(slide, 0, picture(256, 200));
        assertThat(slide.cachedBytes()).isEqualTo(2 * (3 * 64 * 64 + 64));
        assertThatThrownBy(() -> slide.region(0, 0, 0, 2000, 2000)).hasMessageContaining("want a region of");
        assertThatThrownBy(() -> slide.region(0, Long.MAX_VALUE, 0, 1, 1)).hasMessageContaining("nowhere near");
    }

    @Test
    void manyThreadsReadTheSameSlide() throws IOException {
        Path path = folder.resolve("shared.svs");
        Files.write(path, aperio());
        Raster whole = picture(256, 200);
        try (Slide slide = SlideFile.open(path, new SlideSettings(20_000, 1 << 20))) {
            var wrong = IntStream.range(0, 64)
                    .map(i -> 3 * i)
                    .parallel()
                    .filter(i -> !slide.region(0, i, 150 - i, 50, 40).equals(part(whole, i, 150 - i, 50, 40)))
                    .toArray();
            assertThat(wrong).isEmpty();
            // A thread that is interrupted does not take the file from the others.
            Thread.currentThread().interrupt();
            assertThat(slide.region(0, 0, 0, 256, 200)).isEqualTo(whole);
            assertThat(Thread.interrupted()).isTrue();
            requireSame(slide, 1, whole.resized(64, 50));
        }
    }

    @Test
    void opensAHugeSlideWithoutReadingIt() throws IOException {
        Path path = folder.resolve("huge.tif");
        long tiles = 400L * 400;
        sparse(path, tiles);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Slide warm = SlideFile.open(path, SlideSettings.DEFAULT)) {
            assertThat(warm.levels()).hasSize(1);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        try (Slide slide = SlideFile.open(path, SlideSettings.DEFAULT)) {
            System.out.printf(
                    "slides: a sparse file of %.1f GB opened in %.1f ms%n",
                    Files.size(path) / 1e9, (System.nanoTime() - start) / 1e6);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000);
            assertThat(slide.levels().getFirst().width()).isEqualTo(102_400);
            // The last tile lies at the very end.
            assertThat(slide.region(0, 102_390, 102_390, 20, 20).samples()[0]).isZero();
            assertThat(slide.region(0, 51_200, 51_200, 20, 20).samples()).containsOnly(255);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2_000_000);
        }
    }

    /** A BigTIFF of which only the directory and the places of tiles are written; the last tile alone exists. */
    private static void sparse(Path path, long tiles) throws IOException {
        long places = 1 << 20;
        long end = places + 16 * tiles + (1L << 30);
        long[][] fields = {
            {256, 102_400}, {257, 102_400}, {258, 8}, {259, 1}, {262, 1}, {277, 1}, {322, 256}, {323, 256}
        };
        var head = ByteBuffer.allocate(16 + 8 + 20 * 10 + 8).order(LITTLE);
        head.put(new byte[] {'I', 'I', 43, 0, 8, 0, 0, 0}).putLong(16).putLong(10);
        for (long[] field : fields) {
            head.putShort((short) field[0]).putShort((short) 16).putLong(1).putLong(field[1]);
        }
        head.putShort((short) 324).putShort((short) 16).putLong(tiles).putLong(places);
        head.putShort((short) 325).putShort((short) 16).putLong(tiles).putLong(places + 8 * tiles);
        var last = ByteBuffer.allocate(8).order(LITTLE);
        try (var file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            file.write(head.flip(), 0);
            file.write(last.putLong(0, end - 65_536), places + 8 * (tiles - 1));
            last.rewind();
            file.write(last.putLong(0, 65_536), places + 16 * tiles - 8);
            file.write(ByteBuffer.wrap(new byte[1]), end - 1);
        }
    }

    @Test
    void refusesScannersWhoseTilesAreNoGrid() {
        var kinds = Map.of(
                "Ventana BIF", new Object[] {700, "<iScan Magnification=\"40\">"},
                "Hamamatsu NDPI", new Object[] {65420, "x"},
                "Trestle", new Object[] {305, "MedScan 1.0"},
                "Leica SCN", new Object[] {270, "<scn xmlns=\"http://www.leica-microsystems.com/scn/2010/10/01\">"});
        kinds.forEach((kind, field) -> {
            var picture = TiffBytes.picture(picture(32, 16), 16, 16, true, Raster::samples);
            picture.fields.put((Integer) field[0], field[1]);
            byte[] bytes = new TiffBytes(true, LITTLE).add(picture).bytes();
            assertThatThrownBy(() -> open(bytes))
                    .hasMessageStartingWith("made.svs: this is a " + kind + " slide, which is not read");
        });
    }

    @Test
    void saysWhatIsNotRead() {
        assertThatThrownBy(() -> open("GIF89a..........".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .hasMessage("made.svs: this is no TIFF file");
        var picture = TiffBytes.picture(picture(32, 16), 16, 16, true, Raster::samples);
        picture.set(TiffDirectory.COMPRESSION, 50000);
        assertThatThrownBy(() -> open(new TiffBytes(false, LITTLE).add(picture).bytes()))
                .hasMessageContaining("compression 50000 is not read");
        picture.set(TiffDirectory.COMPRESSION, 1).set(TiffDirectory.BITS, 16, 16, 16);
        assertThatThrownBy(() -> open(new TiffBytes(false, LITTLE).add(picture).bytes()))
                .hasMessageContaining("samples of 16 bits");
        assertThatThrownBy(() -> SlideFile.open(folder, SlideSettings.DEFAULT)).hasMessageContaining("folder");
        assertThatThrownBy(() -> SlideFile.open(folder.resolve("none.svs"), SlideSettings.DEFAULT))
                .hasMessage("none.svs: there is no such file");
        assertThat(Arrays.stream(Packing.values()).filter(Packing::isJpeg2000)).hasSize(3);
    }
}
