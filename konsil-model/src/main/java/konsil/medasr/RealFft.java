package konsil.medasr;

/**
 * The power spectrum of real numbers in double: even and odd samples as real and imaginary parts of a complex Fourier
 * transform of half the length (radix 2, Cooley and Tukey 1965), whose output is then taken apart. Immutable.
 */
final class RealFft {
    private final int half;
    private final int[] reversed;
    private final double[] cos;
    private final double[] sin;

    /** @param size a power of two, at least 4 */
    RealFft(int size) {
        half = size / 2;
        reversed = new int[half];
        int bits = Integer.numberOfTrailingZeros(half);
        for (int i = 0; i < half; i++) {
            reversed[i] = Integer.reverse(i) >>> (Integer.SIZE - bits);
        }
        cos = new double[half];
        sin = new double[half];
        for (int k = 0; k < half; k++) {
            cos[k] = Math.cos(Math.PI * k / half);
            sin[k] = -Math.sin(Math.PI * k / half);
        }
    }

    /**
     * Squares of the magnitudes of the transform.
     *
     * @param x as many numbers as the size; overwritten
     * @param power half as many and one more
     */
    void power(double[] x, double[] power) {
        transform(x);
        power[0] = square(x[0] + x[1]);
        power[half] = square(x[0] - x[1]);
        for (int k = 1; k < half; k++) {
            int mirror = half - k;
            double evenRe = 0.5 * (x[2 * k] + x[2 * mirror]);
            double evenIm = 0.5 * (x[2 * k + 1] - x[2 * mirror + 1]);
            double oddRe = 0.5 * (x[2 * k + 1] + x[2 * mirror + 1]);
            double oddIm = 0.5 * (x[2 * mirror] - x[2 * k]);
            double re = evenRe + cos[k] * oddRe - sin[k] * oddIm;
            double im = evenIm + cos[k] * oddIm + sin[k] * oddRe;
            power[k] = re * re + im * im;
        }
    }

    private static double square(double x) {
        return x * x;
    }

    /** In place, real and imaginary parts side by side. */
    private void transform(double[] z) {
        for (int i = 0; i < half; i++) {
            int j = reversed[i];
            if (i < j) {
                swap(z, 2 * i, 2 * j);
                swap(z, 2 * i + 1, 2 * j + 1);
            }
        }
        for (int length = 1; length < half; length *= 2) {
            // the table turns by pi / half for each entry, this pass by pi / length
            int stride = half / length;
            for (int start = 0; start < half; start += 2 * length) {
                for (int k = 0; k < length; k++) {
                    butterfly(z, 2 * (start + k), 2 * (start + k + length), k * stride);
                }
            }
        }
    }

    private void butterfly(double[] z, int a, int b, int turn) {
        double re = z[b] * cos[turn] - z[b + 1] * sin[turn];
        double im = z[b] * sin[turn] + z[b + 1] * cos[turn];
        z[b] = z[a] - re;
        z[b + 1] = z[a + 1] - im;
        z[a] += re;
        z[a + 1] += im;
    }

    private static void swap(double[] z, int i, int j) {
        double kept = z[i];
        z[i] = z[j];
        z[j] = kept;
    }
}
