package konsil.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;
import konsil.kernel.Rows;
import konsil.kernel.SoftmaxRows;
import konsil.tensor.BadInputException;
import konsil.tensor.Ops;
import konsil.tensor.TapeOps;
import konsil.tensor.Tensor;

/**
 * Cross-entropy of next-token prediction: the mean over all labelled rows of -log softmax(logits)[label]. Sums are in
 * double. Labels are already shifted: row r's label is the token that should come after row r.
 */
public final class CrossEntropy {
    /** The label of a row that does not count: prompts, image tokens, padding. */
    public static final int IGNORED = -100;

    /** Logits that are there at once when they go through a head. */
    private static final int BLOCK_LOGITS = 1 << 25;

    private final TrainingEngine engine;
    private final int blockLogits;

    /** Of the head that was seen last; 0 before. */
    private int vocabulary;

    public CrossEntropy(TrainingEngine engine) {
        this(engine, BLOCK_LOGITS);
    }

    CrossEntropy(TrainingEngine engine, int blockLogits) {
        this.engine = engine;
        this.blockLogits = blockLogits;
    }

    /** How many rows count. */
    public static int counted(int[] labels) {
        return (int) Arrays.stream(labels).filter(label -> label != IGNORED).count();
    }

    /**
     * What each row should be followed by.
     *
     * @param ids one for each row: 0 to vocabulary - 1, or {@link #IGNORED}
     * @param divisor what the sum over rows is divided by: {@link #counted} of these labels, or of all examples that
     *     are accumulated
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Labels(int[] ids, double divisor) {
        /** The mean over these rows alone. */
        public static Labels mean(int[] ids) {
            return new Labels(ids, Math.max(1, counted(ids)));
        }
    }

    /**
     * Loss of logits that are all there.
     *
     * @param logits (rows, vocabulary)
     * @param labels as {@link Labels#ids}
     * @param divisor as {@link Labels#divisor}
     * @param gradient same shape as logits, overwritten with the gradient of the returned loss; may be logits itself
     * @return the loss, 0 when no row counts
     * @throws BadInputException when a label lies beyond the vocabulary
     */
    public double loss(Tensor logits, int[] labels, double divisor, Tensor gradient) {
        return loss(logits, new Labels(labels, divisor), gradient);
    }

    private double loss(Tensor logits, Labels labels, Tensor gradient) {
        Rows x = logits.rows();
        Rows dx = gradient.rows();
        if (labels.ids().length != x.rows() || !logits.sameShape(gradient)) {
            throw new IllegalArgumentException("cross-entropy: logits %s, gradient %s, %d labels"
                    .formatted(logits, gradient, labels.ids().length));
        }
        requireVocabulary(labels.ids(), x.cols());
        var losses = new double[x.rows()];
        engine.workers().run(x.rows(), row -> losses[row] = row(x, row, labels, dx));
        return Arrays.stream(losses).sum() / labels.divisor();
    }

    private static void requireVocabulary(int[] ids, int vocabulary) {
        for (int id : ids) {
            if (id != IGNORED && (id < 0 || id >= vocabulary)) {
                throw new BadInputException(
                        "label %d: want 0 to %d, or %d for none".formatted(id, vocabulary - 1, IGNORED));
            }
        }
    }

    private static double row(Rows x, int row, Labels labels, Rows dx) {
        int label = labels.ids()[row];
        if (label == IGNORED) {
            dx.slice(row, 1).clear();
            return 0;
        }
        double logSum = SoftmaxRows.logSum(x, row);
        double loss = logSum - x.get(row, label);
        float share = (float) (1 / labels.divisor());
        SoftmaxRows.probabilities(x, row, logSum, share, dx);
        dx.set(row, label, (float) (Math.expm1(-loss) * share));
        return loss;
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
     * @throws BadInputException when a label lies beyond the vocabulary
     */
    public double throughHead(
            Head head, Tensor hidden, Labels labels, Collection<Tensor> trainable, Gradients gradients) {
        if (labels.ids().length != hidden.dim(0)) {
            throw new IllegalArgumentException(
                    "cross-entropy: hidden %s, %d labels".formatted(hidden, labels.ids().length));
        }
        int[] rows = IntStream.range(0, labels.ids().length)
                .filter(row -> labels.ids()[row] != IGNORED)
                .toArray();
        gradients.prepare(trainable);
        Tensor dHidden = engine.workspace().tensor(hidden.shape());
        dHidden.rows().clear();
        int atOnce = rowsAtOnce(head, hidden);
        double loss = 0;
        for (int at = 0; at < rows.length; at += atOnce) {
            int[] block = Arrays.copyOfRange(rows, at, Math.min(rows.length, at + atOnce));
            try (var _ = gradients.scope()) {
                loss += block(head, selected(hidden, labels, block), trainable, gradients, dHidden);
            }
        }
        gradients.seed(hidden, dHidden);
        return loss;
    }

    /** Asks the head for the logits of no row, to see how many one would have. */
    private int rowsAtOnce(Head head, Tensor hidden) {
        if (vocabulary == 0) {
            try (var _ = engine.workspace().mark()) {
                Tensor none = engine.ops().selectRows(hidden, new int[0]);
                vocabulary = head.logits(engine.ops(), none).cols();
            }
        }
        return Math.max(1, blockLogits / Math.max(1, vocabulary));
    }

    /**
     * Some rows that count.
     *
     * @param rows where they stand in the whole
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Block(int[] rows, Tensor hidden, Labels labels) {}

    private Block selected(Tensor hidden, Labels labels, int[] rows) {
        int[] ids = Arrays.stream(rows).map(row -> labels.ids()[row]).toArray();
        return new Block(rows, engine.ops().selectRows(hidden, rows), new Labels(ids, labels.divisor()));
    }

    private double block(Head head, Block block, Collection<Tensor> trainable, Gradients gradients, Tensor dHidden) {
        var reached = new ArrayList<>(trainable);
        reached.add(block.hidden());
        var tape = new TapeOps(engine.ops(), reached);
        Tensor logits = head.logits(tape, block.hidden());
        Tensor gradient = engine.workspace().tensor(logits.shape());
        double loss = loss(logits, block.labels(), gradient);
        gradients.seed(logits, gradient);
        gradients.walk(tape);
        Rows below = gradients.take(block.hidden()).rows();
        for (int i = 0; i < block.rows().length; i++) {
            engine.kernels().scale(below.slice(i, 1), 1, dHidden.rows().slice(block.rows()[i], 1));
        }
        return loss;
    }
}
