package konsil.media.audio;

/** Discrete Fourier transform of a power-of-two length (Cooley and Tukey 1965), in place. */
final class Fourier {
    private final int size;
    private final double[] cosine;
    private final double[] sine;

    Fourier(int size) {
        this.size = size;
        cosine = new double[size / 2];
        sine = new double[size / 2];
        for (int i = 0; i < size / 2; i++) {
            cosine[i] = Math.cos(2 * Math.PI * i / size);
            sine[i] = -Math.sin(2 * Math.PI * i / size);
        }
    }

    void transform(double[] re, double[] im) {
        int shift = 33 - Integer.numberOfTrailingZeros(size) - 1;
        for (int i = 0; i < size; i++) {
            int j = Integer.reverse(i) >>> shift;
            if (j > i) {
                swap(re, i, j);
                swap(im, i, j);
            }
        }
        for (int half = 1; half < size; half *= 2) {
            int step = size / (2 * half);
            for (int base = 0; base < size; base += 2 * half) {
                for (int k = 0; k < half; k++) {
                    int a = base + k;
                    int b = a + half;
                    double c = cosine[k * step];
                    double s = sine[k * step];
                    double x = re[b] * c - im[b] * s;
                    double y = re[b] * s + im[b] * c;
                    re[b] = re[a] - x;
                    im[b] = im[a] - y;
                    re[a] += x;
                    im[a] += y;
                }
            }
        }
    }

    private static void swap(double[] values, int i, int j) {
        double kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}
