package konsil.media.audio;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Sound of one channel, block by block; what is kept in memory does not grow with its length. For one thread. */
public interface AudioStream extends AutoCloseable {
    /** Samples a second, Hz. */
    int sampleRate();

    /** What the messages call it. */
    String name();

    /**
     * The next samples, -1 to 1 (a floating point file may go beyond), every one finite.
     *
     * @return how many were written from the start of the buffer, at least 1; -1 at the end
     * @throws konsil.media.BadMediaException where the file turns out to be damaged, or to hold no sound at all
     * @throws IOException when the disk fails
     */
    int read(float[] buffer) throws IOException;

    /** How many samples there will be, where the file says so. Nothing is to be allocated on this promise alone. */
    OptionalLong length();

    /** What was odd but could be read, one sentence each; complete at the end of the stream. */
    List<String> warnings();

    @Override
    void close() throws IOException;

    /** The same sound at another rate; closing it closes this one. */
    default AudioStream at(int rate) {
        return rate == sampleRate() ? this : new ResampledStream(this, rate);
    }

    /**
     * All that is left.
     *
     * @throws konsil.media.BadMediaException when it is longer than the limit, or damaged
     */
    default Waveform rest(AudioLimits limits) throws IOException {
        float[] all = new float[0];
        float[] block = new float[1 << 14];
        int count = 0;
        for (int n = read(block); n >= 0; n = read(block)) {
            if (n > limits.maxSamples() - count) {
                throw new konsil.media.BadMediaException(
                        name(),
                        "longer than the limit of %d samples; read it as a stream".formatted(limits.maxSamples()));
            }
            if (count + n > all.length) {
                all = Arrays.copyOf(all, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(count + n, 2L * all.length)));
            }
            System.arraycopy(block, 0, all, count, n);
            count += n;
        }
        return new Waveform(all.length == count ? all : Arrays.copyOf(all, count), sampleRate());
    }
}
