package konsil.media.audio;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** Another stream at another rate. */
final class ResampledStream implements AudioStream {
    private final AudioStream source;
    private final int sampleRate;
    private final Resampler resampler;
    private final float[] block;
    private float[] ready = {};
    private int from;
    private boolean ended;

    ResampledStream(AudioStream source, int sampleRate) {
        this.source = source;
        this.sampleRate = sampleRate;
        // At most some 65,536 samples come out at once, however much there is to add between two.
        block = new float[Math.clamp(65_536L * source.sampleRate() / sampleRate, 1, 4096)];
        resampler = new Resampler(source.sampleRate(), sampleRate);
    }

    @Override
    public int read(float[] buffer) throws IOException {
        if (buffer.length == 0) {
            throw new IllegalArgumentException("sound: want a buffer of at least 1 sample");
        }
        while (from == ready.length) {
            if (ended) {
                return -1;
            }
            int n = source.read(block);
            ended = n < 0;
            ready = ended ? resampler.finish() : resampler.push(block, 0, n);
            from = 0;
        }
        int n = Math.min(buffer.length, ready.length - from);
        System.arraycopy(ready, from, buffer, 0, n);
        from += n;
        return n;
    }

    @Override
    public int sampleRate() {
        return sampleRate;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public OptionalLong length() {
        OptionalLong before = source.length();
        return before.isEmpty() || before.getAsLong() > Long.MAX_VALUE / AudioLimits.MAX_RATE
                ? OptionalLong.empty()
                : OptionalLong.of(Math.ceilDiv(before.getAsLong() * sampleRate, (long) source.sampleRate()));
    }

    @Override
    public List<String> warnings() {
        return source.warnings();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
