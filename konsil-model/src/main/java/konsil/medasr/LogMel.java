package konsil.medasr;

import java.util.Arrays;

/**
 * Logarithms of mel-band energies, as MedASR is given them (transformers feature_extraction_lasr.py): windows of 25 ms
 * every 10 ms, a symmetric Hann window, the power spectrum, 128 triangles in Kaldi's mel scale from 125 to 7500 Hz, the
 * natural logarithm with a floor. Nothing is padded, centred, dithered or normalised, so a frame depends on its own
 * samples alone. Computed in double, rounded to float at the end. The lowest band is so narrow that no frequency of the
 * transform falls into it: it always has the floor's value. Immutable, for any number of threads.
 */
public final class LogMel {
    /** Samples a second. */
    public static final int RATE = 16_000;
    /** Samples of a frame. */
    public static final int WINDOW = 400;
    /** Samples from one frame to the next. */
    public static final int HOP = 160;
    /** Bands of a frame. */
    public static final int BINS = 128;

    static final int FFT = 512;
    private static final double FLOOR = 1e-5;
    private static final double LOWEST_HZ = 125;
    private static final double HIGHEST_HZ = 7500;

    private final double[] window = new double[WINDOW];
    private final RealFft fft = new RealFft(FFT);
    /** The frequency that a band's weights begin with. */
    private final int[] first = new int[BINS];

    private final double[][] weights = new double[BINS][];

    public LogMel() {
        for (int n = 0; n < WINDOW; n++) {
            window[n] = 0.5 - 0.5 * Math.cos(2 * Math.PI * n / (WINDOW - 1));
        }
        double low = mel(LOWEST_HZ);
        double step = (mel(HIGHEST_HZ) - low) / (BINS + 1);
        for (int band = 0; band < BINS; band++) {
            double left = low + step * band;
            double middle = low + step * (band + 1);
            double right = low + step * (band + 2);
            int from = 1;
            while (frequency(from) <= left) {
                from++;
            }
            int to = from;
            while (frequency(to) < right) {
                to++;
            }
            first[band] = from;
            weights[band] = new double[to - from];
            for (int k = from; k < to; k++) {
                double at = frequency(k);
                weights[band][k - from] = Math.min((at - left) / (middle - left), (right - at) / (right - middle));
            }
        }
    }

    private static double mel(double hertz) {
        return 1127 * Math.log(1 + hertz / 700);
    }

    /** In mel. */
    private static double frequency(int k) {
        return mel((double) k * RATE / FFT);
    }

    /** How many frames so many samples give; 0 for fewer than {@link #WINDOW}. */
    public static int frames(int samples) {
        return samples < WINDOW ? 0 : (samples - WINDOW) / HOP + 1;
    }

    /**
     * All frames of a clip.
     *
     * @param samples -1 to 1 at {@link #RATE}
     * @return (frames, {@link #BINS}), row-major
     */
    public float[] of(float[] samples) {
        return of(samples, 0, frames(samples.length));
    }

    /**
     * Some frames of a clip; those of a clip that begins with its first sample.
     *
     * @param start first sample of the first frame
     * @param count how many frames
     * @return (count, {@link #BINS}), row-major
     * @throws IndexOutOfBoundsException when the samples do not reach so far
     */
    public float[] of(float[] samples, int start, int count) {
        if (start < 0 || count < 0 || start > samples.length || count > frames(samples.length - start)) {
            throw new IndexOutOfBoundsException(
                    "%d frames from sample %d of %d".formatted(count, start, samples.length));
        }
        float[] features = new float[Math.multiplyExact(count, BINS)];
        double[] frame = new double[FFT];
        double[] power = new double[FFT / 2 + 1];
        for (int i = 0; i < count; i++) {
            int at = start + i * HOP;
            for (int n = 0; n < WINDOW; n++) {
                frame[n] = window[n] * samples[at + n];
            }
            Arrays.fill(frame, WINDOW, FFT, 0);
            fft.power(frame, power);
            bands(power, features, i * BINS);
        }
        return features;
    }

    private void bands(double[] power, float[] to, int at) {
        for (int band = 0; band < BINS; band++) {
            double sum = 0;
            for (int k = 0; k < weights[band].length; k++) {
                sum += power[first[band] + k] * weights[band][k];
            }
            to[at + band] = (float) Math.log(Math.max(sum, FLOOR));
        }
    }
}
