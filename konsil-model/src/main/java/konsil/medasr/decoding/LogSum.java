package konsil.medasr.decoding;

/** Sums of probabilities that are held as natural logarithms. */
final class LogSum {
    static final double NOTHING = Double.NEGATIVE_INFINITY;

    private LogSum() {}

    /** log(exp(a) + exp(b)). */
    static double of(double a, double b) {
        double high = Math.max(a, b);
        double low = Math.min(a, b);
        return low == NOTHING ? high : high + Math.log1p(Math.exp(low - high));
    }
}
