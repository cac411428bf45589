package konsil.kernel;

/** Loops over rows whose statistics are taken in double. */
final class ScalarRows {
    private final Workers workers;

    ScalarRows(Workers workers) {
        this.workers = workers;
    }

    @FunctionalInterface
    interface Element {
        float at(int row, int col);
    }

    @FunctionalInterface
    private interface Term {
        double of(float value);
    }

    /** y[r, c] = element(r, c), rows in parallel. */
    void each(Rows y, Element element) {
        workers.run(y.rows(), r -> {
            for (int c = 0; c < y.cols(); c++) {
                y.set(r, c, element.at(r, c));
            }
        });
    }

    private static double sum(Rows x, int row, Term term) {
        double sum = 0;
        for (int c = 0; c < x.cols(); c++) {
            sum += term.of(x.get(row, c));
        }
        return sum;
    }

    void rmsNorm(Rows x, Rows weight, float eps, Rows y) {
        workers.run(x.rows(), r -> {
            double squares = sum(x, r, v -> (double) v * v);
            double factor = 1 / Math.sqrt(squares / x.cols() + eps);
            for (int c = 0; c < x.cols(); c++) {
                y.set(r, c, (float) (x.get(r, c) * factor * weight.get(0, c)));
            }
        });
    }

    void layerNorm(Rows x, Rows weight, Rows bias, float eps, Rows y) {
        workers.run(x.rows(), r -> {
            double mean = sum(x, r, v -> v) / x.cols();
            double variance = sum(x, r, v -> (v - mean) * (v - mean)) / x.cols();
            double factor = 1 / Math.sqrt(variance + eps);
            for (int c = 0; c < x.cols(); c++) {
                y.set(r, c, (float) ((x.get(r, c) - mean) * factor * weight.get(0, c) + bias.get(0, c)));
            }
        });
    }

    void rope(Rows x, int headDim, Rows cos, Rows sin, Rows y) {
        int half = headDim / 2;
        workers.run(x.rows(), r -> {
            for (int head = 0; head < x.cols(); head += headDim) {
                for (int d = 0; d < half; d++) {
                    float first = x.get(r, head + d);
                    float second = x.get(r, head + d + half);
                    y.set(r, head + d, first * cos.get(r, d) - second * sin.get(r, d));
                    y.set(r, head + d + half, second * cos.get(r, d) + first * sin.get(r, d));
                }
            }
        });
    }

    private static float largest(Rows x, int row) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < x.cols(); c++) {
            largest = Math.max(largest, x.get(row, c)); // NaN wins
        }
        return largest;
    }

    void softmax(Rows x, Rows y) {
        workers.run(x.rows(), r -> {
            double largest = largest(x, r);
            double sum = sum(x, r, v -> Math.exp(v - largest));
            for (int c = 0; c < x.cols(); c++) {
                y.set(r, c, (float) (Math.exp(x.get(r, c) - largest) / sum));
            }
        });
    }

    void logSoftmax(Rows x, Rows y) {
        workers.run(x.rows(), r -> {
            double largest = largest(x, r);
            double shift = largest + Math.log(sum(x, r, v -> Math.exp(v - largest)));
            for (int c = 0; c < x.cols(); c++) {
                y.set(r, c, (float) (x.get(r, c) - shift));
            }
        });
    }

    void argmax(Rows x, int[] columns) {
        workers.run(x.rows(), r -> {
            int best = 0;
            for (int c = 1; c < x.cols() && !Float.isNaN(x.get(r, best)); c++) {
                if (x.get(r, c) > x.get(r, best) || Float.isNaN(x.get(r, c))) {
                    best = c;
                }
            }
            columns[r] = best;
        });
    }
}
