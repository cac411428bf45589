package konsil.media.dicomweb;

import java.time.Duration;

/**
 * How long is waited for an archive and how much is taken from it.
 *
 * @param answer for a connection, for the head of an answer, and for the next bytes of its body
 * @param pause before the second try; the third waits four times as long
 * @param tries of one request, the first included
 * @param instanceBytes most bytes of one instance
 * @param totalBytes most bytes of everything fetched
 * @param instances most instances of one series
 * @param page results asked for in one search
 */
public record ArchiveLimits(
        Duration answer, Duration pause, int tries, long instanceBytes, long totalBytes, int instances, int page) {
    private static final int MOST_INSTANCES = 100_000;

    public ArchiveLimits {
        if (tries < 1 || page < 1 || instances < 1 || !answer.isPositive() || pause.isNegative()) {
            throw new IllegalArgumentException("limits of an archive are positive");
        }
    }

    /** 30 seconds, three tries, 2 GiB for an instance, 64 GiB and 100,000 instances in all. */
    public static ArchiveLimits usual() {
        return new ArchiveLimits(
                Duration.ofSeconds(30), Duration.ofMillis(500), 3, 2L << 30, 64L << 30, MOST_INSTANCES, 1000);
    }
}
