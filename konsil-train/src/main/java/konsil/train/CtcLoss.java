package konsil.train;

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
     */
    public double loss(Tensor logits, int[] target, double weight, Tensor gradient) {
        throw new UnsupportedOperationException("not there yet");
    }
}
