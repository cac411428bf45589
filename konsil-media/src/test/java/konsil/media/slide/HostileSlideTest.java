package konsil.media.slide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.media.BadMediaException;
import konsil.media.Raster;
import konsil.media.codec.GoldenStreams;
import org.junit.jupiter.api.Test;

/** Slides that are cut off, damaged or made to take all memory. */
class HostileSlideTest {
    private static final SlideSettings SMALL = new SlideSettings(1 << 16, 1 << 14);

    private static List<byte[]> files() {
        Raster whole = SlideFileTest.picture(40, 30);
        var lzw = TiffBytes.picture(whole, 16, 16, true, tile -> TilePacks.lzw(tile.samples()))
                .set(TiffDirectory.COMPRESSION, 5);
        var bits = TiffBytes.picture(whole, 40, 8, false, tile -> TilePacks.packBits(tile.samples()))
                .set(TiffDirectory.COMPRESSION, 32773);
        byte[] tables = TilePacks.part(TilePacks.jpeg(whole), true);
        var jpeg = TiffBytes.picture(whole, 16, 16, true, tile -> TilePacks.part(TilePacks.jpeg(tile), false))
                .set(TiffDirectory.COMPRESSION, 7)
                .set(TiffDirectory.JPEG_TABLES, tables)
                .describe("Aperio\n40x30|AppMag = 20");
        var deflate = TiffBytes.picture(whole, 16, 16, true, tile -> TilePacks.deflate(tile.samples()))
                .set(TiffDirectory.COMPRESSION, 8);
        deflate.inner.add(TiffBytes.picture(whole.resized(20, 15), 16, 16, true, Raster::samples));
        byte[] stream = GoldenStreams.named("sub-sampled-420.j2k").stream().bytes();
        var wavelets = TiffBytes.picture(SlideFileTest.picture(46, 38), 46, 38, true, _ -> stream)
                .set(TiffDirectory.COMPRESSION, 33003);
        return List.of(
                new TiffBytes(false, ByteOrder.LITTLE_ENDIAN).add(wavelets).bytes(),
                new TiffBytes(false, ByteOrder.LITTLE_ENDIAN).add(lzw).bytes(),
                new TiffBytes(true, ByteOrder.BIG_ENDIAN).add(bits).bytes(),
                new TiffBytes(false, ByteOrder.BIG_ENDIAN).add(jpeg).add(bits).bytes(),
                new TiffBytes(true, ByteOrder.LITTLE_ENDIAN).add(deflate).bytes());
    }

    /** Opens, reads a corner of every level and every picture beside. @return whether all of it was read */
    static boolean readsOrRefuses(byte[] bytes) {
        try (Slide slide = SlideFile.open(SlideBytes.of("hostile", bytes), SMALL)) {
            for (int level = 0; level < slide.levels().size(); level++) {
                assertThat(slide.region(level, -3, -3, 60, 40).width()).isEqualTo(60);
            }
            for (var beside : slide.associated()) {
                slide.associated(beside.name());
            }
            return true;
        } catch (BadMediaException refused) {
            assertThat(refused).hasMessageStartingWith("hostile: ");
            return false;
        }
    }

    @Test
    void refusesEveryLengthButTheWhole() {
        for (byte[] file : files()) {
            assertThat(readsOrRefuses(file)).isTrue();
            for (int length = 0; length < file.length; length += length < 100 ? 1 : 7) {
                assertThat(readsOrRefuses(Arrays.copyOf(file, length)))
                        .as("cut at %d", length)
                        .isFalse();
            }
        }
    }

    @Test
    void survivesRandomChanges() {
        var random = new Random(43);
        List<byte[]> files = files();
        int read = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] file = files.get(round % files.size()).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                // Directories are at the end.
                int near = random.nextBoolean() ? random.nextInt(file.length) : file.length - 1 - random.nextInt(400);
                file[near] = (byte) random.nextInt();
            }
            read += readsOrRefuses(file) ? 1 : 0;
        }
        assertThat(read).isBetween(200, 3900);
    }

    @Test
    void survivesDamagedCodesOfEveryPacking() {
        var random = new Random(47);
        SlideBytes name = SlideBytes.of("hostile", new byte[0]);
        for (int round = 0; round < 20_000; round++) {
            byte[] packed = new byte[random.nextInt(60)];
            random.nextBytes(packed);
            Packing packing =
                    List.of(Packing.LZW, Packing.PACK_BITS, Packing.DEFLATE).get(round % 3);
            try {
                assertThat(packing.unpack(name, packed, 100)).hasSize(100);
            } catch (BadMediaException refused) {
                assertThat(refused).hasMessageStartingWith("hostile: ");
            }
        }
    }

    @Test
    void refusesSizesBeforeTheyTakeMemory() {
        int[][] changes = {
            {TiffDirectory.WIDTH, -1}, {TiffDirectory.TILE_WIDTH, 1 << 20}, {TiffDirectory.TILE_HEIGHT, 1 << 30},
            {TiffDirectory.HEIGHT, 1 << 29}, {TiffDirectory.TILE_WIDTH, 0}, {TiffDirectory.SAMPLES, 60_000}
        };
        for (int[] change : changes) {
            var picture = TiffBytes.picture(SlideFileTest.picture(40, 30), 16, 16, true, Raster::samples)
                    .set(change[0], change[1]);
            requireLittleMemory(
                    new TiffBytes(false, ByteOrder.LITTLE_ENDIAN).add(picture).bytes());
        }
        var bytes = TiffBytes.picture(SlideFileTest.picture(40, 30), 16, 16, true, Raster::samples);
        byte[] file = new TiffBytes(false, ByteOrder.LITTLE_ENDIAN).add(bytes).bytes();
        int directory = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        byte[] circle = file.clone();
        System.arraycopy(file, 4, circle, file.length - 4, 4);
        assertThatThrownBy(() -> SlideFile.open(SlideBytes.of("hostile", circle), SMALL))
                .hasMessageContaining("run in a circle");
        byte[] many = file.clone();
        many[directory] = -1;
        many[directory + 1] = -1;
        requireLittleMemory(many);
    }

    private static void requireLittleMemory(byte[] bytes) {
        assertThat(readsOrRefuses(bytes)).isFalse();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(readsOrRefuses(bytes)).isFalse();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }
}
