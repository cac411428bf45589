package konsil.train;

import java.util.Collection;
import konsil.tensor.Ops;
import konsil.tensor.Tensor;

/**
 * Cross-entropy of next-token prediction: the mean over all labelled rows of -log softmax(logits)[label]. Sums are in
 * double. Labels are already shifted: row r's label is the token that should come after row r.
 */
public final class CrossEntropy {
    /** The label of a row that does not count: prompts, image tokens, padding. */
    public static final int IGNORED = -100;

    public CrossEntropy(TrainingEngine engine) {
        throw new UnsupportedOperationException("not there yet");
    }

    /** How many rows count. */
    public static int counted(int[] labels) {
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * Loss of logits that are all there.
     *
     * @param logits (rows, vocabulary)
     * @param labels one for each row: 0 to vocabulary - 1, or {@link #IGNORED}
     * @param divisor what the sum over rows is divided by: {@link #counted} of these labels, or of all examples that
     *     are accumulated
     * @param gradient same shape as logits, overwritten with the gradient of the returned loss; may be logits itself
     * @return the loss, 0 when no row counts
     */
    public double loss(Tensor logits, int[] labels, double divisor, Tensor gradient) {
        throw new UnsupportedOperationException("not there yet");
    }

    /** A network's output layer, as {@code GemmaText::logits}. */
    @FunctionalInterface
    public interface Head {
        /**
         * @param hidden (rows, hiddenSize)
         * @return (rows, vocabulary)
         */
        Tensor logits(Ops ops, Tensor hidden);
    }

    /**
     * Loss through the output layer, of the rows that count alone and some rows at a time, so that the logits of a
     * large vocabulary are never there all at once. Seeds {@code gradients} with the gradient of {@code hidden} and
     * adds those of the head's own trainable tensors; the tape that leads to {@code hidden} is walked afterwards.
     *
     * @param hidden (rows, hiddenSize), what the last norm returned
     * @param labels one for each row of hidden
     * @param trainable what is trained; may hold tensors that the head does not use
     * @return the loss, 0 when no row counts
     */
    public double throughHead(
            Head head, Tensor hidden, Labels labels, Collection<Tensor> trainable, Gradients gradients) {
        throw new UnsupportedOperationException("not there yet");
    }

    /**
     * What each row should be followed by.
     *
     * @param ids one for each row, or {@link #IGNORED}
     * @param divisor as for {@link #loss}
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Labels(int[] ids, double divisor) {
        /** The mean over these rows alone. */
        public static Labels mean(int[] ids) {
            return new Labels(ids, Math.max(1, counted(ids)));
        }
    }
}
