package konsil.media.study;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import konsil.media.dicom.StoredFrame;

/** Frames one after the other, and what they hold together. */
public final class PixelTotals {
    private final MessageDigest digest = digest();
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    private long samples;

    /** What one frame holds; it also counts for {@link #report}. */
    public FrameReport add(StoredFrame frame) {
        int count = frame.samples().size();
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        double total = 0;
        for (int i = 0; i < count; i++) {
            double value = frame.number(i);
            least = Math.min(least, value);
            most = Math.max(most, value);
            total += value;
        }
        byte[] words = frame.samples().littleEndian();
        digest.update(words);
        min = Math.min(min, least);
        max = Math.max(max, most);
        sum += total;
        samples += count;
        return new FrameReport(least, most, total / count, hex(digest().digest(words)));
    }

    /** All frames so far as if they were one; ends the counting. */
    public FrameReport report() {
        return new FrameReport(min, max, sum / samples, hex(digest.digest()));
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
