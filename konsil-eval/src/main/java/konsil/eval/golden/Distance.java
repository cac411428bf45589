package konsil.eval.golden;

/** How far values are from golden ones. */
final class Distance {
    private Distance() {}

    /**
     * The largest difference, relative to the largest golden value. Infinite when there are not as many of both, or a
     * value that is not the golden one is no number.
     */
    static double relative(float[] actual, float[] golden) {
        if (actual.length != golden.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < golden.length; i++) {
            double difference = Math.abs((double) actual[i] - golden[i]);
            worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
            largest = Math.max(largest, Math.abs((double) golden[i]));
        }
        return relative(worst, largest);
    }

    /** 0 of 0 is no difference. */
    static double relative(double difference, double largest) {
        if (difference == 0) {
            return 0;
        }
        double relative = difference / largest;
        return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
    }

    /** The cosine of the angle between two vectors; 0 when they cannot be compared. */
    static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            return 0;
        }
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        double cosine = dot / Math.sqrt(aa * bb);
        return Double.isNaN(cosine) ? 0 : cosine;
    }

    static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs((double) value));
        }
        return largest;
    }

    /**
     * How far a golden id is from being the largest of these logits: 0 when it is, else what it lacks, relative to the
     * largest value. Two ids that lie as near as sums in another order are thus no difference.
     */
    static double lacks(float[] logits, int golden) {
        if (golden < 0 || golden >= logits.length) {
            return Double.POSITIVE_INFINITY;
        }
        double lacks = (double) logits[argmax(logits)] - logits[golden];
        return relative(lacks, largest(logits));
    }
}
