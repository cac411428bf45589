package konsil.media.audio;

import java.io.IOException;
import java.util.OptionalLong;

/** Samples stored one after another, channels interleaved. */
final class PcmStream extends BlockStream {
    /** Stands for a length that the file does not say: its end is the end. */
    static final long TO_THE_END = -1;

    private static final int BLOCK = 4096;

    /** What the header of a file says about its samples; bytes may be {@link #TO_THE_END}. */
    record Layout(PcmCode code, int channels, int sampleRate, long bytes) {
        int frameBytes() {
            return code.bytes() * channels;
        }
    }

    private final Layout layout;
    private final byte[] stored;
    private final float[] mono = new float[BLOCK];
    private long left;

    PcmStream(AudioBytes in, Layout layout) {
        super(in, layout.sampleRate());
        this.layout = layout;
        stored = new byte[BLOCK * layout.frameBytes()];
        left = layout.bytes() == TO_THE_END ? Long.MAX_VALUE : layout.bytes();
    }

    @Override
    boolean decode() throws IOException {
        int want = (int) Math.min(stored.length, left);
        int got = in.upTo(stored, want);
        left -= got;
        int frames = got / layout.frameBytes();
        if (got < want && layout.bytes() != TO_THE_END) {
            warn("breaks off: the header promises %d bytes of sound, %d are there"
                    .formatted(layout.bytes(), layout.bytes() - left));
        } else if (got % layout.frameBytes() != 0) {
            warn("the last sample is not whole and is left out");
        }
        if (got < want) {
            left = 0;
        }
        mix(frames);
        give(mono, 0, frames);
        return frames > 0;
    }

    private void mix(int frames) {
        int channels = layout.channels();
        for (int f = 0; f < frames; f++) {
            int at = f * layout.frameBytes();
            float sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += layout.code().value(stored, at + c * layout.code().bytes());
            }
            mono[f] = sum / channels;
            if (!Float.isFinite(mono[f])) {
                throw in.bad("a sample is infinite or not a number");
            }
        }
    }

    @Override
    public OptionalLong length() {
        return layout.bytes() == TO_THE_END
                ? OptionalLong.empty()
                : OptionalLong.of(layout.bytes() / layout.frameBytes());
    }
}
