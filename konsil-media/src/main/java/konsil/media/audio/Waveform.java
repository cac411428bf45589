package konsil.media.audio;

/**
 * Sound of one channel.
 *
 * @param samples -1 to 1, values beyond are possible; not to be changed
 * @param sampleRate samples a second, Hz
 */
public record Waveform(float[] samples, int sampleRate) {
    public Waveform {
        if (sampleRate < 1) {
            throw new IllegalArgumentException("sample rate: want at least 1 Hz, got " + sampleRate);
        }
    }

    /** How long it sounds. */
    public double seconds() {
        return (double) samples.length / sampleRate;
    }
}
