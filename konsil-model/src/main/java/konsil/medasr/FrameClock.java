package konsil.medasr;

/**
 * How frames of the output lie in the sound: frame i sees the samples from {@code i * step} to {@code i * step + span}.
 *
 * @param step samples from one frame to the next; 640 in MedASR, which is 40 ms
 * @param span samples that a frame sees before attention mixes them; 2320 in MedASR
 */
public record FrameClock(int step, int span) {
    static FrameClock of(EncoderConfig.Subsampling subsampling) {
        int span = (subsampling.span() - 1) * LogMel.HOP + LogMel.WINDOW;
        return new FrameClock(subsampling.step() * LogMel.HOP, span);
    }

    /** Frames that so many samples give; 0 when they are too few for one. */
    public int frames(int samples) {
        return samples < span ? 0 : (samples - span) / step + 1;
    }

    /** Samples that so many frames need, at least one. */
    public long samples(int frames) {
        return (long) (frames - 1) * step + span;
    }

    /** The middle of what a frame sees, in seconds; frames between others count, too. */
    public double seconds(double frame) {
        return (frame * step + span / 2.0) / LogMel.RATE;
    }

    /** How long a frame stands for, in seconds. */
    public double frameSeconds() {
        return (double) step / LogMel.RATE;
    }
}
