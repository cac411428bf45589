package konsil.media.audio;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A stream that decodes in blocks of its own size. */
abstract class BlockStream implements AudioStream {
    final AudioBytes in;
    private final int sampleRate;
    private final List<String> warnings = new ArrayList<>();
    private float[] block = {};
    private int from;
    private int to;
    private boolean any;
    private boolean ended;

    BlockStream(AudioBytes in, int sampleRate) {
        this.in = in;
        this.sampleRate = sampleRate;
    }

    /** Decodes the next block and calls {@link #give}; may give nothing. False: there is no more. */
    abstract boolean decode() throws IOException;

    /** The decoded block: samples from (inclusive) to (exclusive); the array is not copied. */
    final void give(float[] samples, int first, int end) {
        block = samples;
        from = first;
        to = end;
    }

    final void warn(String what) {
        warnings.add(what);
    }

    @Override
    public final int read(float[] buffer) throws IOException {
        if (buffer.length == 0) {
            throw new IllegalArgumentException("sound: want a buffer of at least 1 sample");
        }
        while (from == to) {
            if (ended || !decode()) {
                ended = true;
                if (!any) {
                    throw in.bad("holds no sound: not one sample");
                }
                return -1;
            }
        }
        any = true;
        int n = Math.min(buffer.length, to - from);
        System.arraycopy(block, from, buffer, 0, n);
        from += n;
        return n;
    }

    @Override
    public final int sampleRate() {
        return sampleRate;
    }

    @Override
    public final String name() {
        return in.name();
    }

    @Override
    public final List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public final void close() throws IOException {
        in.close();
    }
}
