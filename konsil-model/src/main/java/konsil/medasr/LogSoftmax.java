package konsil.medasr;

/** Logits to logarithms of probabilities. */
final class LogSoftmax {
    private LogSoftmax() {}

    /**
     * Row by row {@code x - log(sum(exp(x)))}, the sum in double, the result rounded to float.
     *
     * @param logits rows of {@code tokens} values
     */
    static float[] of(float[] logits, int tokens) {
        float[] result = new float[logits.length];
        for (int row = 0; row < logits.length; row += tokens) {
            float most = Float.NEGATIVE_INFINITY;
            for (int i = row; i < row + tokens; i++) {
                most = Math.max(most, logits[i]);
            }
            double sum = 0;
            for (int i = row; i < row + tokens; i++) {
                sum += Math.exp((double) logits[i] - most);
            }
            double total = most + Math.log(sum);
            for (int i = row; i < row + tokens; i++) {
                result[i] = (float) (logits[i] - total);
            }
        }
        return result;
    }
}
