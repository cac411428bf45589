package konsil.medasr;

/** Logits to logarithms of probabilities. */
final class LogSoftmax {
    private LogSoftmax() {}

    /**
     * Row by row {@code x - log(sum(exp(x)))}, the sum in double, the result rounded to float.
     *
     * @param rows of {@code tokens} values, logits before and logarithms of probabilities afterwards
     * @param first of the rows that are changed
     */
    static void inPlace(float[] rows, int tokens, int first, int count) {
        for (int row = first * tokens; row < (first + count) * tokens; row += tokens) {
            float most = Float.NEGATIVE_INFINITY;
            for (int i = row; i < row + tokens; i++) {
                most = Math.max(most, rows[i]);
            }
            double sum = 0;
            for (int i = row; i < row + tokens; i++) {
                sum += Math.exp((double) rows[i] - most);
            }
            double total = most + Math.log(sum);
            for (int i = row; i < row + tokens; i++) {
                rows[i] = (float) (rows[i] - total);
            }
        }
    }
}
