package konsil.eval.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import konsil.medasr.Ctc;
import konsil.medasr.CtcAlignment;
import konsil.medasr.Emissions;
import konsil.medasr.LogMel;
import konsil.medasr.Recogniser;
import konsil.tensor.BadInputException;
import konsil.text.Specials;

/** The stages of one recording, in the order in which they are computed. */
record LasrStages(Recogniser recogniser, Judge judge) {
    static final String SAMPLES = "samples";
    static final String FEATURES = "features";
    static final String ENCODER = "encoder";
    static final String LOGITS = "logits";
    static final String ARGMAX = "argmax";
    static final String COLLAPSED = "collapsed";
    static final String TEXT = "text";
    static final String LOSS = "ctc_loss";

    private static final String NO_SOUND = "neither sound nor features in the golden directory";

    List<Comparison> compare(LasrCase c, GoldenValues values) {
        var comparisons = new ArrayList<Comparison>();
        var sound = values.of(SAMPLES).map(samples -> new LogMel().of(samples));
        comparisons.add(
                sound.isEmpty()
                        ? Comparison.skipped(FEATURES, "no sound in the golden directory")
                        : Judge.ifThere(
                                FEATURES, values.of(FEATURES), golden -> judge.values(FEATURES, sound.get(), golden)));
        comparisons.addAll(network(c, values, values.of(FEATURES).or(() -> sound)));
        comparisons.add(collapsed(c));
        comparisons.add(text(c));
        return order(comparisons);
    }

    /** The loss is computed with the logits, and told last. */
    private static List<Comparison> order(List<Comparison> comparisons) {
        var ordered = new ArrayList<>(comparisons);
        var losses =
                comparisons.stream().filter(one -> one.stage().equals(LOSS)).toList();
        ordered.removeAll(losses);
        ordered.addAll(losses);
        return ordered;
    }

    private List<Comparison> network(LasrCase c, GoldenValues values, Optional<float[]> features) {
        if (features.isEmpty()) {
            return List.of(ENCODER, LOGITS, ARGMAX, LOSS).stream()
                    .map(stage -> Comparison.skipped(stage, NO_SOUND))
                    .toList();
        }
        int bins = recogniser.model().config().encoder().subsampling().melBins();
        if (features.get().length % bins != 0) {
            return List.of(Comparison.same(
                    FEATURES, false, Double.POSITIVE_INFINITY, "the model takes frames of %d values".formatted(bins)));
        }
        var stages = recogniser.ofFeatures(features.get());
        return List.of(
                Judge.ifThere(ENCODER, values.of(ENCODER), golden -> judge.values(ENCODER, stages.encoder(), golden)),
                Judge.ifThere(LOGITS, values.of(LOGITS), golden -> judge.values(LOGITS, stages.logits(), golden)),
                c.argmax().map(golden -> argmax(stages.logits(), golden)).orElseGet(() -> Judge.absent(ARGMAX)),
                loss(c, stages.logits()));
    }

    private Comparison argmax(float[] logits, int[] golden) {
        int tokens = recogniser.model().config().vocabSize();
        if (golden.length != logits.length / tokens) {
            return Judge.wrongLength(ARGMAX, logits.length / tokens, golden.length);
        }
        double lacks = 0;
        int others = 0;
        for (int frame = 0; frame < golden.length; frame++) {
            float[] row = Arrays.copyOfRange(logits, frame * tokens, (frame + 1) * tokens);
            lacks = Math.max(lacks, Distance.lacks(row, golden[frame]));
            others += Distance.argmax(row) == golden[frame] ? 0 : 1;
        }
        return judge.ids(ARGMAX, lacks, others, golden.length);
    }

    /** Of the reference's own likeliest tokens. */
    private Comparison collapsed(LasrCase c) {
        if (c.argmax().isEmpty() || c.collapsed().isEmpty()) {
            return Judge.absent(COLLAPSED);
        }
        int[] ids = Ctc.collapse(c.argmax().get(), recogniser.model().config().blank());
        boolean same = Arrays.equals(ids, c.collapsed().get());
        return Comparison.same(
                COLLAPSED, same, same ? 0 : Double.POSITIVE_INFINITY, "the frames collapse to other tokens");
    }

    private Comparison text(LasrCase c) {
        var tokenizer = recogniser.model().tokenizer();
        if (tokenizer.isEmpty()) {
            return Comparison.skipped(TEXT, "no tokenizer with the model");
        }
        int blank = recogniser.model().config().blank();
        var ids = c.collapsed().or(() -> c.argmax().map(frames -> Ctc.collapse(frames, blank)));
        if (ids.isEmpty() || c.text().isEmpty()) {
            return Judge.absent(TEXT);
        }
        int size = tokenizer.get().size();
        boolean known = Arrays.stream(ids.get()).allMatch(id -> id < size);
        boolean same = known
                && tokenizer
                        .get()
                        .decode(ids.get(), Specials.KEEP)
                        .equals(c.text().get())
                && c.plain()
                        .map(tokenizer.get().decode(ids.get(), Specials.SKIP)::equals)
                        .orElse(true);
        return Comparison.same(TEXT, same, same ? 0 : Double.POSITIVE_INFINITY, "the tokens have another text");
    }

    /** As PyTorch's ctc_loss with reduction mean and zero_infinity: for one recording, divided by the tokens. */
    private Comparison loss(LasrCase c, float[] logits) {
        if (c.reference().isEmpty() || c.loss().isEmpty()) {
            return Judge.absent(LOSS);
        }
        var config = recogniser.model().config();
        var emissions = new Emissions(
                logits.length / config.vocabSize(), config.vocabSize(), logProbabilities(logits, config.vocabSize()));
        try {
            int[] reference = c.reference().get();
            double sum = -CtcAlignment.logLikelihood(emissions, reference, config.blank());
            double loss = Double.isFinite(sum) ? sum / Math.max(1, reference.length) : 0;
            return judge.number(LOSS, loss, new float[] {(float) c.loss().getAsDouble()});
        } catch (BadInputException e) {
            return Comparison.same(LOSS, false, Double.POSITIVE_INFINITY, e.getMessage());
        }
    }

    private static float[] logProbabilities(float[] logits, int tokens) {
        float[] result = new float[logits.length];
        for (int row = 0; row < logits.length; row += tokens) {
            double most = Double.NEGATIVE_INFINITY;
            for (int i = row; i < row + tokens; i++) {
                most = Math.max(most, logits[i]);
            }
            double sum = 0;
            for (int i = row; i < row + tokens; i++) {
                sum += Math.exp(logits[i] - most);
            }
            for (int i = row; i < row + tokens; i++) {
                result[i] = (float) (logits[i] - most - Math.log(sum));
            }
        }
        return result;
    }
}
