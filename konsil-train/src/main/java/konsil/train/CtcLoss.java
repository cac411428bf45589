package konsil.train;

import konsil.kernel.Rows;
import konsil.kernel.SoftmaxRows;
import konsil.tensor.BadInputException;
import konsil.tensor.Tensor;

/**
 * Connectionist temporal classification (Graves et al., ICML 2006), as torch's ctc_loss with reduction "mean" and
 * zero_infinity: for each sequence -log p(target) divided by its length, then the mean over the batch. Computed in
 * double and in log space.
 *
 * @param blank the id that stands for no token
 */
public record CtcLoss(int blank) {
    /**
     * Loss of one sequence.
     *
     * @param logits (frames, vocabulary), before the softmax
     * @param target ids without blanks; may be empty
     * @param weight what -log p / max(1, target length) is multiplied by: 1 / sequences of the batch
     * @param gradient same shape as logits, overwritten with the gradient of the returned loss with regard to the
     *     logits; may be logits itself
     * @return the loss; 0, with gradient 0, when the frames are too few for the target
     * @throws BadInputException when an id of the target is a blank or lies beyond the vocabulary
     */
    public double loss(Tensor logits, int[] target, double weight, Tensor gradient) {
        if (!logits.sameShape(gradient)) {
            throw new IllegalArgumentException("ctc: logits %s, gradient %s".formatted(logits, gradient));
        }
        Rows x = logits.rows();
        for (int id : target) {
            if (id < 0 || id >= x.cols() || id == blank) {
                throw new BadInputException(
                        "ctc: target id %d, want 0 to %d without the blank %d".formatted(id, x.cols() - 1, blank));
            }
        }
        var lattice = new Lattice(x, labels(target));
        double logLikelihood = lattice.forward();
        if (x.rows() == 0 || logLikelihood == Double.NEGATIVE_INFINITY) {
            gradient.rows().clear();
            return 0;
        }
        double share = weight / Math.max(1, target.length);
        lattice.backward(gradient.rows(), logLikelihood, share);
        return -logLikelihood * share;
    }

    /** The target with blanks around every id. */
    private int[] labels(int[] target) {
        var labels = new int[2 * target.length + 1];
        for (int s = 0; s < labels.length; s++) {
            labels[s] = s % 2 == 0 ? blank : target[s / 2];
        }
        return labels;
    }

    /** All ways to say the target in so many frames; sums of probabilities, as logarithms. */
    private static final class Lattice {
        private final Rows x;
        private final int[] labels;
        private final double[] logSums;

        /** Log-probability of all beginnings that end at a label in a frame, that frame included. */
        private final double[][] alpha;

        Lattice(Rows x, int[] labels) {
            this.x = x;
            this.labels = labels;
            this.logSums = new double[x.rows()];
            this.alpha = new double[x.rows()][labels.length];
            for (int t = 0; t < x.rows(); t++) {
                logSums[t] = SoftmaxRows.logSum(x, t);
            }
        }

        private double logProbability(int t, int s) {
            return x.get(t, labels[s]) - logSums[t];
        }

        /** Whether a path may go from a label to the one after the next. */
        private boolean skips(int s) {
            return s % 2 == 1 && s + 2 < labels.length && labels[s] != labels[s + 2];
        }

        double forward() {
            for (int t = 0; t < x.rows(); t++) {
                for (int s = 0; s < labels.length; s++) {
                    double before = t == 0 ? (s < 2 ? 0 : Double.NEGATIVE_INFINITY) : arriving(alpha[t - 1], s);
                    alpha[t][s] = before + logProbability(t, s);
                }
            }
            if (x.rows() == 0) {
                return Double.NEGATIVE_INFINITY;
            }
            var last = alpha[x.rows() - 1];
            int end = labels.length - 1;
            return end == 0 ? last[0] : logAdd(last[end], last[end - 1]);
        }

        private double arriving(double[] before, int s) {
            double sum = before[s];
            if (s > 0) {
                sum = logAdd(sum, before[s - 1]);
            }
            return s > 1 && skips(s - 2) ? logAdd(sum, before[s - 2]) : sum;
        }

        /** d loss / d logit = share * (softmax - share of all paths that say this id in this frame). */
        void backward(Rows gradient, double logLikelihood, double share) {
            var after = new double[labels.length];
            for (int s = 0; s < labels.length; s++) {
                after[s] = s >= labels.length - 2 ? 0 : Double.NEGATIVE_INFINITY;
            }
            for (int t = x.rows() - 1; t >= 0; t--) {
                var here = new double[labels.length];
                for (int s = 0; s < labels.length; s++) {
                    here[s] = after[s] + logProbability(t, s);
                }
                SoftmaxRows.probabilities(x, t, logSums[t], (float) share, gradient);
                for (int s = 0; s < labels.length; s++) {
                    double occupied = Math.exp(alpha[t][s] + after[s] - logLikelihood);
                    gradient.set(t, labels[s], (float) (gradient.get(t, labels[s]) - share * occupied));
                }
                for (int s = 0; s < labels.length; s++) {
                    after[s] = leaving(here, s);
                }
            }
        }

        private double leaving(double[] next, int s) {
            double sum = next[s];
            if (s + 1 < labels.length) {
                sum = logAdd(sum, next[s + 1]);
            }
            return skips(s) ? logAdd(sum, next[s + 2]) : sum;
        }

        private static double logAdd(double a, double b) {
            double larger = Math.max(a, b);
            if (larger == Double.NEGATIVE_INFINITY) {
                return larger;
            }
            return larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
        }
    }
}
