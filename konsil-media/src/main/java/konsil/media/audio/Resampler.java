package konsil.media.audio;

import java.util.Arrays;

/**
 * Changes the sample rate: a polyphase low-pass, windowed sinc with a Kaiser window (Kaiser 1974), designed for 100 dB.
 * Frequencies up to 90 % of half the lower rate pass, those from half the lower rate on are stopped. Linear phase, and
 * its delay is taken off: sample n of the result is at n / outRate seconds. Before and after the sound is silence.
 * How the sound is cut into blocks changes no bit of the result.
 */
public final class Resampler {
    private static final double STOP_DB = 100;
    private static final double PASS = 0.45;
    private static final double STOP = 0.5;
    /** Odd ratios have very many phases; beyond this, neighbours are interpolated, an error below -110 dB. */
    private static final int MOST_PHASES = 1024;
    /** With more phases too few outputs of a block share one. */
    private static final int MOST_INTERLEAVED = 8;

    private final int up;
    private final int down;
    private final int half;
    private final int phases;
    private final float[][] taps;
    private float[] held;
    private int count;
    /** Where held[0] lies in the sound, in input samples. */
    private long start;

    private long taken;
    private long made;

    /** @param inRate 1 to 768,000 Hz  @param outRate likewise */
    public Resampler(int inRate, int outRate) {
        if (Math.min(inRate, outRate) < 1 || Math.max(inRate, outRate) > AudioLimits.MAX_RATE) {
            throw new IllegalArgumentException("resampling: want rates of 1 to %d Hz, got %d and %d"
                    .formatted(AudioLimits.MAX_RATE, inRate, outRate));
        }
        int common = greatestCommonDivisor(inRate, outRate);
        up = outRate / common;
        down = inRate / common;
        double scale = Math.min(1, (double) outRate / inRate);
        double width = (STOP - PASS) * scale;
        half = (int) Math.ceil((STOP_DB - 7.95) / (14.36 * width) / 2);
        phases = Math.min(up, MOST_PHASES);
        taps = new float[phases + 1][];
        for (int p = 0; p <= phases; p++) {
            taps[p] = row((double) p / phases, (PASS + STOP) / 2 * scale);
        }
        held = new float[2 * half + 4096];
        start = 1L - half;
        count = half - 1;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /** Weights of the samples 1 - half .. half around an output that lies fraction after sample 0; their sum is 1. */
    private float[] row(double fraction, double cutoff) {
        double beta = 0.1102 * (STOP_DB - 8.7);
        double middle = bessel(beta);
        double[] exact = new double[2 * half];
        double sum = 0;
        for (int k = 0; k < exact.length; k++) {
            double t = k - half + 1 - fraction;
            double x = t / half;
            double window = Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / middle;
            double angle = 2 * Math.PI * cutoff * t;
            exact[k] = window * (t == 0 ? 1 : Math.sin(angle) / angle);
            sum += exact[k];
        }
        float[] row = new float[exact.length];
        for (int k = 0; k < row.length; k++) {
            row[k] = (float) (exact[k] / sum);
        }
        return row;
    }

    /** Modified Bessel function of the first kind, order 0, by its power series. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > 1e-17 * sum; k++) {
            term *= x / 2 / k * (x / 2 / k);
            sum += term;
        }
        return sum;
    }

    /** Takes samples [from, to) and returns what can be told so far, maybe nothing. */
    public float[] push(float[] samples, int from, int to) {
        forget();
        int n = to - from;
        if (count + n > held.length) {
            held = Arrays.copyOf(held, count + n);
        }
        System.arraycopy(samples, from, held, count, n);
        count += n;
        taken += n;
        return outputs(Long.MAX_VALUE);
    }

    /** The rest, once the sound has ended: in all ceil(samples * outRate / inRate). */
    public float[] finish() {
        forget();
        long total = Math.ceilDiv(Math.multiplyExact(taken, (long) up), (long) down);
        if (count + half > held.length) {
            held = Arrays.copyOf(held, count + half);
        }
        Arrays.fill(held, count, count + half, 0);
        count += half;
        return outputs(total);
    }

    /** Drops what no later output needs. */
    private void forget() {
        long needed = Math.floorDiv(made * down, (long) up) - half + 1;
        int gone = (int) Math.min(count, needed - start);
        if (gone > 0) {
            System.arraycopy(held, gone, held, 0, count - gone);
            count -= gone;
            start += gone;
        }
    }

    private float[] outputs(long total) {
        long end = start + count;
        long possible = end - half <= 0 ? 0 : Math.ceilDiv((end - half) * up, (long) down);
        float[] result = new float[Math.toIntExact(Math.max(0, Math.min(possible, total) - made))];
        if (up <= MOST_INTERLEAVED) {
            for (int first = 0; first < Math.min(up, result.length); first++) {
                together(result, first);
            }
        } else {
            for (int i = 0; i < result.length; i++) {
                long position = (made + i) * down;
                result[i] = output(held(position), position % up);
            }
        }
        made += result.length;
        return result;
    }

    /** Where the weights of an output begin. @param position of the output, in input samples times up */
    private int held(long position) {
        return (int) (position / up - half + 1 - start);
    }

    /**
     * Every output from one on that has the same phase, side by side: they lie {@code down} samples apart, so of the
     * sound each {@code down}th sample is laid next to the one before.
     */
    private void together(float[] result, int first) {
        long position = (made + first) * down;
        int at = held(position);
        float[] row = taps[(int) (position % up)];
        float[] sums = new float[Math.ceilDiv(result.length - first, up)];
        float[] side = new float[sums.length + row.length / down];
        float[] shifted = new float[sums.length];
        int end = row.length + down * (sums.length - 1);
        for (int offset = 0; offset < Math.min(down, row.length); offset++) {
            for (int i = 0, from = offset; from < end; i++, from += down) {
                side[i] = held[at + from];
            }
            for (int i = 0, tap = offset; tap < row.length; i++, tap += down) {
                System.arraycopy(side, i, shifted, 0, shifted.length);
                add(sums, row[tap], shifted);
            }
        }
        for (int i = 0; i < sums.length; i++) {
            result[first + up * i] = sums[i];
        }
    }

    /** Equal places only: that is what the compiler of the JVM makes vectors of. */
    private static void add(float[] sums, float factor, float[] x) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * x[i];
        }
    }

    private float output(int at, long phase) {
        if (phases == up) {
            return dot(taps[(int) phase], held, at);
        }
        long scaled = phase * phases;
        int row = (int) (scaled / up);
        float share = (float) (scaled % up) / up;
        return dot(taps[row], held, at) * (1 - share) + dot(taps[row + 1], held, at) * share;
    }

    /** Eight sums side by side, so that additions need not wait for one another. */
    private static float dot(float[] row, float[] x, int at) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int k = 0;
        for (; k + 7 < row.length; k += 8) {
            a += row[k] * x[at + k];
            b += row[k + 1] * x[at + k + 1];
            c += row[k + 2] * x[at + k + 2];
            d += row[k + 3] * x[at + k + 3];
            e += row[k + 4] * x[at + k + 4];
            f += row[k + 5] * x[at + k + 5];
            g += row[k + 6] * x[at + k + 6];
            h += row[k + 7] * x[at + k + 7];
        }
        for (; k < row.length; k++) {
            a += row[k] * x[at + k];
        }
        return a + b + (c + d) + (e + f + (g + h));
    }

    /** A sound at another rate. */
    public static Waveform resample(Waveform sound, int rate) {
        if (sound.sampleRate() == rate) {
            return sound;
        }
        var resampler = new Resampler(sound.sampleRate(), rate);
        float[] first = resampler.push(sound.samples(), 0, sound.samples().length);
        float[] last = resampler.finish();
        float[] all = Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, all, first.length, last.length);
        return new Waveform(all, rate);
    }
}
