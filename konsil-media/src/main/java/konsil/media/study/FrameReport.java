package konsil.media.study;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import konsil.media.dicom.StoredFrame;

/**
 * What a frame holds, to be compared with other programs.
 *
 * @param min smallest stored value, before any rescale
 * @param max largest
 * @param mean of all samples
 * @param sha256 of the stored words: little endian, as wide as they are allocated, samples of a pixel next to each
 *     other; in hex
 */
public record FrameReport(double min, double max, double mean, String sha256) {
    public static FrameReport of(StoredFrame frame) {
        int count = frame.samples().size();
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double value = frame.number(i);
            min = Math.min(min, value);
            max = Math.max(max, value);
            sum += value;
        }
        byte[] words = frame.samples().littleEndian();
        return new FrameReport(min, max, sum / count, HexFormat.of().formatHex(digest().digest(words)));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
