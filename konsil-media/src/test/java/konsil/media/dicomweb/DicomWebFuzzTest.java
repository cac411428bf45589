package konsil.media.dicomweb;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import konsil.media.BadMediaException;

/**
 * Whatever an archive answers, it is read or refused by a {@link BadMediaException}. In a normal test run the saved
 * inputs are replayed; docs/dicomweb.md says how to search for new ones.
 */
class DicomWebFuzzTest {
    private static final int MOST = 1 << 16;

    @FuzzTest(maxDuration = "10m")
    void multipart(byte[] body) throws IOException {
        try {
            MultipartTest.parts(new ByteArrayInputStream(body), "b", MOST);
        } catch (BadMediaException e) {
            // refused
        }
    }

    @FuzzTest(maxDuration = "10m")
    void contentType(byte[] header) {
        try {
            String type = new String(header, StandardCharsets.ISO_8859_1);
            Multipart.mediaType(type);
            new Multipart("x", new ByteArrayInputStream(header), Multipart.boundary(type)).next(MOST);
        } catch (BadMediaException | IOException e) {
            // refused
        }
    }

    @FuzzTest(maxDuration = "10m")
    void searchResults(byte[] text) {
        try {
            DicomJson.read("x", text, Set.of("0020000D", "0020000E", "00080060"));
        } catch (BadMediaException e) {
            // refused
        }
    }
}
