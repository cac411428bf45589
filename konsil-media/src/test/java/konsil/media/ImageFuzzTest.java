package konsil.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import konsil.media.ImageSettings.DeepGrey;
import konsil.media.ImageSettings.Rotation;

/**
 * Whatever the bytes, they become a picture or a {@link BadMediaException}. In a normal test run the saved inputs are
 * replayed; docs/media.md says how to search for new ones.
 */
class ImageFuzzTest {
    private static final long MOST_PIXELS = 1 << 16;
    private static final int HEADER = 13;

    @FuzzTest(maxDuration = "10m")
    void anyBytes(byte[] data) {
        decode(data);
    }

    /**
     * The bytes are a PNG's header and, not yet packed, its rows; checksums are right, so that the reader sees them.
     */
    @FuzzTest(maxDuration = "10m")
    void png(byte[] data) {
        var deflater = new Deflater(Deflater.BEST_SPEED);
        deflater.setInput(data, Math.min(HEADER, data.length), Math.max(0, data.length - HEADER));
        deflater.finish();
        byte[] packed = new byte[data.length + 64];
        int length = deflater.deflate(packed);
        deflater.end();
        var file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk("IHDR", Arrays.copyOf(data, HEADER), file);
        chunk("PLTE", Arrays.copyOf(data, data.length > 1 ? 3 * (data[1] & 0x1F) : 0), file);
        chunk("IDAT", Arrays.copyOf(packed, length), file);
        chunk("IEND", new byte[0], file);
        decode(file.toByteArray());
    }

    private static void chunk(String kind, byte[] body, ByteArrayOutputStream file) {
        byte[] name = kind.getBytes(StandardCharsets.ISO_8859_1);
        var crc = new CRC32();
        crc.update(name);
        crc.update(body);
        file.writeBytes(ByteBuffer.allocate(4).putInt(body.length).array());
        file.writeBytes(name);
        file.writeBytes(body);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static void decode(byte[] data) {
        for (DeepGrey deepGrey : DeepGrey.values()) {
            try {
                var settings = new ImageSettings(Rotation.UPRIGHT, deepGrey, MOST_PIXELS);
                var picture = ImageFile.decode("fuzz", data, settings);
                assertThat((long) picture.width() * picture.height()).isBetween(1L, MOST_PIXELS);
            } catch (BadMediaException refused) {
                assertThat(refused).hasMessageStartingWith("fuzz: ");
            }
        }
    }
}
