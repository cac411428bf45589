package konsil.media.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/**
 * Whatever the bytes, each decoder gives a picture of the declared size or a
 * {@link konsil.media.BadMediaException}. The first bytes choose the size. In a normal test run the saved inputs are
 * replayed; docs/dicom.md says how to search for new ones.
 */
class CodecFuzzTest {
    private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8};
    private static final byte[] JPEG_2000 = {(byte) 0xFF, 0x4F, (byte) 0xFF, 0x51};

    /** A size, then a stream without its first marker. */
    private static Codestream stream(byte[] data, byte[] start) {
        int width = data.length > 0 ? (data[0] & 0x7F) + 1 : 1;
        int height = data.length > 1 ? (data[1] & 0x7F) + 1 : 1;
        int components = data.length > 2 && data[2] % 2 == 0 ? 3 : 1;
        byte[] bytes = Arrays.copyOf(start, start.length + Math.max(0, data.length - 3));
        if (data.length > 3) {
            System.arraycopy(data, 3, bytes, start.length, data.length - 3);
        }
        return new Codestream("fuzz", bytes, width, height, components);
    }

    @FuzzTest(maxDuration = "10m")
    void jpeg(byte[] data) {
        Codestream stream = stream(data, JPEG);
        decode(stream, () -> new Jpeg(stream).decode());
    }

    /** As {@link #jpeg}, from the lossless process's frame on: few changes of another frame lead there. */
    @FuzzTest(maxDuration = "10m")
    void jpegLossless(byte[] data) {
        byte[] frame = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xC3};
        Codestream stream = stream(data, frame);
        decode(stream, () -> new Jpeg(stream).decode());
    }

    @FuzzTest(maxDuration = "10m")
    void jpegLs(byte[] data) {
        Codestream stream = stream(data, JPEG);
        decode(stream, () -> new JpegLs(stream).decode());
    }

    @FuzzTest(maxDuration = "10m")
    void jpeg2000(byte[] data) {
        ImageCodecTest.decodeOrRefuse(stream(data, JPEG_2000));
    }

    @FuzzTest(maxDuration = "10m")
    void runLength(byte[] data) {
        Codestream stream = stream(data, new byte[0]);
        for (int planes : new int[] {1, 2, 3}) {
            decode(stream, () -> {
                RunLength.decode(stream, stream.width() * stream.height(), planes);
                return new Decoded(8, false, Decoded.Colours.AS_DECLARED, new short[stream.samples()]);
            });
        }
    }

    private static void decode(Codestream stream, java.util.function.Supplier<Decoded> decoder) {
        try {
            org.assertj.core.api.Assertions.assertThat(decoder.get().samples()).hasSize(stream.samples());
        } catch (konsil.media.BadMediaException refused) {
            org.assertj.core.api.Assertions.assertThat(refused).hasMessageStartingWith("fuzz: ");
        }
    }
}
