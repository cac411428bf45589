package konsil.media.audio;

/**
 * What is still accepted of a sound file. Checked before memory is taken.
 *
 * @param maxChannels 1 to 255
 * @param maxSamples of one channel, at the file's own rate; only for sound that is read whole, streams have no end
 */
public record AudioLimits(int maxChannels, int maxSamples) {
    /** Sample rates beyond are refused everywhere, Hz. */
    public static final int MAX_RATE = 768_000;

    public AudioLimits {
        if (maxChannels < 1 || maxChannels > 255 || maxSamples < 1) {
            throw new IllegalArgumentException(
                    "sound: want limits of 1 to 255 channels and at least 1 sample, got %d, %d"
                            .formatted(maxChannels, maxSamples));
        }
    }

    /** Eight channels, and 173 million samples read whole: one hour at 48 kHz, 0.7 GB. */
    public static AudioLimits usual() {
        return new AudioLimits(8, 48_000 * 3600);
    }

    /** Refuses what a header claims, if it is too much. */
    void check(AudioBytes in, long channels, long rate) {
        if (channels < 1 || channels > maxChannels) {
            throw in.bad("want 1 to %d channels, got %d".formatted(maxChannels, channels));
        }
        if (rate < 1 || rate > MAX_RATE) {
            throw in.bad("want a sample rate of 1 to %d Hz, got %d".formatted(MAX_RATE, rate));
        }
    }
}
