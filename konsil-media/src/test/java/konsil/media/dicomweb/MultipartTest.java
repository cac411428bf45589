package konsil.media.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konsil.media.BadMediaException;
import org.junit.jupiter.api.Test;

/** Bodies as servers send them, and as they should not. */
class MultipartTest {
    private static final int MOST = 1 << 20;

    private static byte[] body(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ascii("a preamble\r\n"));
        for (byte[] part : parts) {
            out.writeBytes(ascii("--b\r\nContent-Type: application/dicom; x=y\r\nX: 1\r\n\r\n"));
            out.writeBytes(part);
            out.writeBytes(ascii("\r\n"));
        }
        out.writeBytes(ascii("--b--\r\nan epilogue"));
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Every part; reads all there is. */
    static List<byte[]> parts(InputStream in, String boundary, int most) throws IOException {
        var multipart = new Multipart("x", in, boundary);
        var parts = new ArrayList<byte[]>();
        while (multipart.next(most)) {
            var out = new ByteArrayOutputStream();
            assertThat(multipart.copy(out, most)).isEqualTo(out.size());
            parts.add(out.toByteArray());
        }
        return parts;
    }

    private static List<byte[]> parts(byte[] body) throws IOException {
        return parts(new ByteArrayInputStream(body), "b", MOST);
    }

    /** Gives a few bytes at a time, so that boundaries lie across reads. */
    private static InputStream slow(byte[] bytes, int step) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(step, length));
            }
        };
    }

    @Test
    void partsAreWhatWasSent() throws IOException {
        byte[] large = new byte[300_000];
        new Random(1).nextBytes(large);
        byte[] lines = ascii("\r\n\r\r\n-\r\n--\r\n--a\r");
        byte[] body = body(large, new byte[0], lines);
        for (int step : new int[] {1, 2, 3, 7, 65_536, 1_000_000}) {
            assertThat(parts(slow(body, step), "b", MOST)).containsExactly(large, new byte[0], lines);
        }
        assertThat(parts(ascii("--b\r\n\r\nx\r\n--b--"))).containsExactly(ascii("x"));
        assertThat(parts(ascii("--b  \r\n\r\nx\r\n--b--"))).containsExactly(ascii("x"));
        assertThat(parts(ascii("--b--"))).isEmpty();
    }

    @Test
    void tellsTypesAndPassesOverWhatIsNotRead() throws IOException {
        var multipart = new Multipart("x", new ByteArrayInputStream(body(new byte[100_000], new byte[5])), "b");
        assertThat(multipart.next(MOST)).isTrue();
        assertThat(multipart.type()).isEqualTo("application/dicom");
        assertThat(multipart.next(MOST)).isTrue();
        assertThat(multipart.copy(new ByteArrayOutputStream(), MOST)).isEqualTo(5);
        assertThat(multipart.copy(new ByteArrayOutputStream(), MOST)).isZero();
        assertThat(multipart.next(MOST)).isFalse();
        assertThat(multipart.next(MOST)).isFalse();
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] body = body(new byte[20], ascii("abc"));
        int end = new String(body, StandardCharsets.US_ASCII).indexOf("--b--") + 5;
        for (int length = 0; length < end; length++) {
            byte[] cut = Arrays.copyOf(body, length);
            assertThatThrownBy(() -> parts(cut)).as("length %d", length).isInstanceOf(BadMediaException.class);
        }
    }

    @Test
    void changedBytesAreAnAnswer() throws IOException {
        byte[] body = body(new byte[20], ascii("abc"));
        var random = new Random(2);
        for (int i = 0; i < 3000; i++) {
            byte[] changed = body.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                parts(changed);
            } catch (BadMediaException e) {
                assertThat(e).hasMessageStartingWith("x: ");
            }
        }
    }

    @Test
    void sizesAreLimited() {
        byte[] body = body(new byte[1000]);
        assertThatThrownBy(() -> parts(new ByteArrayInputStream(body), "b", 999))
                .hasMessage("x: a part of the answer has more than 999 bytes");
        byte[] head = ascii("--b\r\nX: " + "y".repeat(1 << 15) + "\r\n\r\n\r\n--b--");
        assertThatThrownBy(() -> parts(head)).hasMessageContaining("cut off or too long");
        byte[] many = ascii("--b\r\n" + "X: y\r\n".repeat(1 << 13) + "\r\n\r\n--b--");
        assertThatThrownBy(() -> parts(many)).hasMessageContaining("cut off or too long");
        byte[] preamble = new byte[1 << 18];
        assertThatThrownBy(() -> parts(preamble)).isInstanceOf(BadMediaException.class);
    }

    @Test
    void boundariesAreRead() {
        assertThat(Multipart.boundary("multipart/related; type=\"application/dicom\"; boundary=a-1"))
                .isEqualTo("a-1");
        assertThat(Multipart.boundary("multipart/related;BOUNDARY=\"a b;c\"; x=y"))
                .isEqualTo("a b;c");
        assertThat(Multipart.boundary("multipart/related")).isEmpty();
        for (String bad : new String[] {"", " ", "a ", "x".repeat(71), "a\r\nb", "\u00e4"}) {
            assertThatThrownBy(() -> new Multipart("x", InputStream.nullInputStream(), bad))
                    .isInstanceOf(BadMediaException.class);
        }
    }
}
