package konsil.media.audio;

import java.io.InputStream;

/** Sound without a header, as a recorder writes it to standard output: 16-bit integers, low byte first. */
public final class RawPcm {
    private RawPcm() {}

    /**
     * Samples as they come, until the source ends.
     *
     * @param name what to call it in messages
     * @param source closed with the stream
     * @param sampleRate 1 to 768,000 Hz
     * @param channels 1 to 8, interleaved
     */
    public static AudioStream open(String name, InputStream source, int sampleRate, int channels) {
        var in = new AudioBytes(name, source);
        AudioLimits.usual().check(in, channels, sampleRate);
        return new PcmStream(in, new PcmStream.Layout(PcmCode.S16LE, channels, sampleRate, PcmStream.TO_THE_END));
    }
}
