package konsil.train.asr;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import konsil.media.audio.Resampler;
import konsil.media.audio.Waveform;
import konsil.tensor.BadInputException;

/**
 * How a clip is changed each time that it is learnt from, so that more is learnt than the clip itself: how fast and how
 * loud it is, and noise in it.
 *
 * @param speed by how much it may be faster or slower, with its pitch (Ko et al., Interspeech 2015): 0.1 for 0.9 to 1.1
 *     times, drawn in steps of 0.01
 * @param noise how often there is noise, 0 to 1
 * @param quietest signal-to-noise ratio of the least noise, dB
 * @param loudest of the most noise, dB
 * @param gain by how many dB it may be louder or softer
 */
public record Augmentation(double speed, double noise, double quietest, double loudest, double gain) {
    /** The clip as it is. */
    public static final Augmentation NONE = new Augmentation(0, 0, 40, 10, 0);

    private static final int STEPS = 100;
    private static final int BASE_RATE = 16_000;

    /** @throws BadInputException when a setting is out of its range */
    public Augmentation {
        require(speed >= 0 && speed <= 0.5, "speed", "0 to 0.5", speed);
        require(noise >= 0 && noise <= 1, "noise", "0 to 1", noise);
        require(loudest >= -20 && quietest <= 100 && loudest <= quietest, "noise", "SNRs of -20 to 100 dB", loudest);
        require(gain >= 0 && gain <= 40, "gain", "0 to 40 dB", gain);
    }

    private static void require(boolean holds, String name, String want, double got) {
        if (!holds) {
            throw new BadInputException("%s: want %s, got %s".formatted(name, want, got));
        }
    }

    /** How fast this time. */
    double drawSpeed(RandomGenerator random) {
        int most = (int) Math.round(speed * STEPS);
        return most == 0 ? 1 : (double) (STEPS + random.nextInt(-most, most + 1)) / STEPS;
    }

    /**
     * A clip changed.
     *
     * @param samples not changed
     * @param faster as {@link #drawSpeed} drew it
     */
    float[] of(float[] samples, double faster, RandomGenerator random) {
        float[] changed = atSpeed(samples, faster);
        if (random.nextDouble() < noise) {
            double snr = loudest + (quietest - loudest) * random.nextDouble();
            changed = withNoise(changed, snr, random.nextDouble(), random);
        }
        return louder(changed, gain * (2 * random.nextDouble() - 1));
    }

    /** Heard as if the tape ran so many times as fast. */
    static float[] atSpeed(float[] samples, double speed) {
        int rate = (int) Math.round(BASE_RATE * speed);
        return rate == BASE_RATE
                ? samples
                : Resampler.resample(new Waveform(samples, rate), BASE_RATE).samples();
    }

    /**
     * With noise added, whose power is that of the clip less so many dB.
     *
     * @param colour 0 for white noise, towards 1 for more and more of its low frequencies
     */
    static float[] withNoise(float[] samples, double snr, double colour, RandomGenerator random) {
        float[] added = new float[samples.length];
        double last = 0;
        for (int i = 0; i < added.length; i++) {
            last = colour * 0.98 * last + random.nextGaussian();
            added[i] = (float) last;
        }
        double factor = Math.sqrt(power(samples) / Math.max(1e-30, power(added)) * Math.pow(10, -snr / 10));
        for (int i = 0; i < added.length; i++) {
            added[i] = (float) (samples[i] + factor * added[i]);
        }
        return added;
    }

    private static double power(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += (double) sample * sample;
        }
        return sum / Math.max(1, samples.length);
    }

    static float[] louder(float[] samples, double decibels) {
        if (decibels == 0) {
            return samples;
        }
        float factor = (float) Math.pow(10, decibels / 20);
        float[] changed = Arrays.copyOf(samples, samples.length);
        for (int i = 0; i < changed.length; i++) {
            changed[i] *= factor;
        }
        return changed;
    }
}
