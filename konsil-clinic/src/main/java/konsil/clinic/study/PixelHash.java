package konsil.clinic.study;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import konsil.media.Raster;

/** What a picture was, to the bit. */
final class PixelHash {
    private PixelHash() {}

    /** SHA-256 of the samples, red, green, blue of one pixel after the other; in hex. */
    static String of(Raster raster) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raster.samples()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
