package konsil.media;

/**
 * Which samples of a line of {@code in} make each sample of a line of {@code out}, and with what weight: a triangle as
 * wide as two samples of the wider-spaced line, as fixed-point numbers of {@link #BITS} fraction bits. Computed in
 * double in the order of Pillow's {@code precompute_coeffs} (src/libImaging/Resample.c), so that the weights are equal
 * to the bit; they need not add up to 1 exactly.
 *
 * @param first index of the first sample, for every one of {@code out}
 * @param start index of its weight in {@code weights}; one more entry than samples, so that the next start is the end
 */
record BilinearTaps(int[] first, int[] start, int[] weights) {
    static final int BITS = 22;

    /** @param in samples there are; @param out samples wanted; both at least 1 */
    static BilinearTaps of(int in, int out) {
        double scale = (double) (float) in / out;
        double support = Math.max(scale, 1.0);
        int[] first = new int[out];
        int[] start = new int[out + 1];
        int[] weights = new int[Math.toIntExact(2L * in + 4L * out)];
        for (int i = 0; i < out; i++) {
            double centre = (i + 0.5) * scale;
            int from = Math.max((int) (centre - support + 0.5), 0);
            int to = Math.min((int) (centre + support + 0.5), in);
            double sum = 0;
            for (int j = from; j < to; j++) {
                sum += weight(j, centre, support);
            }
            int at = start[i];
            for (int j = from; j < to; j++) {
                weights[at++] = fixed(weight(j, centre, support), sum);
            }
            first[i] = from;
            start[i + 1] = at;
        }
        return new BilinearTaps(first, start, weights);
    }

    private static double weight(int sample, double centre, double support) {
        double distance = Math.abs((sample - centre + 0.5) * (1.0 / support));
        return distance < 1.0 ? 1.0 - distance : 0.0;
    }

    private static int fixed(double weight, double sum) {
        return (int) (0.5 + (sum == 0 ? weight : weight / sum) * (1 << BITS));
    }

    /** Samples of the line that any of {@code out} needs: all before this index, and none from it on. */
    int end() {
        int last = first.length - 1;
        return first[last] + start[last + 1] - start[last];
    }
}
