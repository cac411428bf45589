package konsil.media.audio;

/**
 * What 50 ms of sound at 16 kHz tell about a voice: level, level in bands, and how strongly its spectrum is a comb. The
 * comb shows in the cepstrum (Noll 1967), here of the log spectrum less its own smooth course, so that the colour of a
 * noise does not count.
 */
final class VoiceFrames {
    static final int WINDOW = 800;
    static final int BANDS = 8;

    private static final int FFT = 1024;
    /** 109 Hz and 4 kHz: where voices are, above most hum, and what a telephone lets through. */
    private static final int LOW = 7;

    private static final int HIGH = 256;
    private static final int SMOOTH = 16;
    /** Pitch periods in samples: 400 Hz and 80 Hz. */
    private static final int SHORTEST = 40;

    private static final int LONGEST = 200;
    private static final double QUIETEST = 1e-10;

    /**
     * @param level mean power of 200 Hz to 4 kHz, dB of full scale
     * @param bands the same of each of eight bands
     * @param comb height of the cepstral peak; noise stays below 0.3, a clear voice is about 1
     */
    record Frame(double level, double[] bands, double comb) {}

    private final Fourier fourier = new Fourier(FFT);
    private final double[] window = new double[WINDOW];
    private final double[] re = new double[FFT];
    private final double[] im = new double[FFT];
    private final double[] log = new double[HIGH];
    private final double[] smoothed = new double[LONGEST + 1];

    VoiceFrames() {
        for (int i = 0; i < WINDOW; i++) {
            window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / WINDOW);
        }
    }

    /** Frames must come in order: the cepstrum is averaged over a few. */
    Frame next(float[] samples, int from) {
        double mean = 0;
        for (int i = 0; i < WINDOW; i++) {
            mean += samples[from + i] / WINDOW;
        }
        java.util.Arrays.fill(re, 0);
        java.util.Arrays.fill(im, 0);
        for (int i = 0; i < WINDOW; i++) {
            re[i] = (samples[from + i] - mean) * window[i];
        }
        fourier.transform(re, im);
        double[] bands = new double[BANDS];
        double all = 0;
        int first = 13;
        // Window power: the mean of Hann squared is 3/8; two sides of the spectrum.
        double scale = 2.0 / (0.375 * WINDOW * FFT);
        for (int k = LOW; k < HIGH; k++) {
            double power = (re[k] * re[k] + im[k] * im[k]) * scale;
            log[k] = Math.log(power + QUIETEST);
            if (k >= first) {
                bands[(k - first) * BANDS / (HIGH - first)] += power;
                all += power;
            }
        }
        for (int b = 0; b < BANDS; b++) {
            bands[b] = decibels(bands[b]);
        }
        return new Frame(decibels(all), bands, comb());
    }

    private static double decibels(double power) {
        return 10 * Math.log10(power + QUIETEST);
    }

    private double comb() {
        java.util.Arrays.fill(re, 0);
        java.util.Arrays.fill(im, 0);
        for (int k = LOW; k < HIGH; k++) {
            int from = Math.max(LOW, k - SMOOTH);
            int to = Math.min(HIGH, k + SMOOTH + 1);
            double around = 0;
            for (int j = from; j < to; j++) {
                around += log[j];
            }
            re[k] = log[k] - around / (to - from);
        }
        fourier.transform(re, im);
        double best = 0;
        for (int q = SHORTEST; q <= LONGEST; q++) {
            smoothed[q] += 0.4 * (re[q] * 2 / (HIGH - LOW) - smoothed[q]);
            best = Math.max(best, smoothed[q]);
        }
        return best;
    }
}
