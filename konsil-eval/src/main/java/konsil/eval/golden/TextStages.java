package konsil.eval.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import konsil.medgemma.ImageConfig;
import konsil.medgemma.MedGemma;
import konsil.medgemma.Runner;
import konsil.medgemma.TokenSequence;
import konsil.tensor.RingCache;

/** The decoder over a whole prompt, and the words that follow. */
record TextStages(MedGemma model, Runner runner, Judge judge) {
    /** Tokens that run at once, unless an image is longer: prompts are cut as they are in use. */
    private static final int CHUNK = 512;

    List<Comparison> compare(ReadyCase ready) {
        var c = ready.golden();
        var values = ready.values();
        var sequence = TokenSequence.of(model.config(), c.ids());
        int chunk = Math.max(
                CHUNK, model.config().images().map(ImageConfig::tokensPerImage).orElse(1));
        var argmax = values.of(GemmaStages.ARGMAX);
        var loss = values.of(GemmaStages.LOSS);
        var seen = new Positions(sequence, argmax, loss.isPresent());
        var comparisons = new ArrayList<Comparison>();
        try (var cache = model.cache(sequence.size() + c.greedy().length + 1L, chunk)) {
            runner.run(cache, sequence, ready.images(), seen);
            comparisons.add(Judge.ifThere(
                    GemmaStages.LOGITS,
                    values.of(GemmaStages.LOGITS),
                    golden -> judge.values(GemmaStages.LOGITS, seen.last(), golden)));
            comparisons.add(Judge.ifThere(GemmaStages.ARGMAX, argmax, golden -> seen.argmax(judge)));
            comparisons.add(Judge.ifThere(
                    GemmaStages.LOSS, loss, golden -> judge.number(GemmaStages.LOSS, seen.loss(), golden)));
            comparisons.add(
                    ready.greedy() && c.greedy().length > 0
                            ? greedy(cache, seen.last(), c.greedy())
                            : Judge.absent(GemmaStages.GREEDY));
        }
        return comparisons;
    }

    /** Goes on with the golden ids, so that one near tie does not make all that follow another text. */
    private Comparison greedy(RingCache cache, float[] first, int[] golden) {
        float[] logits = first;
        double lacks = 0;
        int others = 0;
        for (int i = 0; i < golden.length; i++) {
            lacks = Math.max(lacks, Distance.lacks(logits, golden[i]));
            others += Distance.argmax(logits) == golden[i] ? 0 : 1;
            if (i < golden.length - 1) {
                logits = runner.step(cache, golden[i]);
            }
        }
        return judge.ids(GemmaStages.GREEDY, lacks, others, golden.length);
    }

    /** Logits of every position, reduced to what golden files hold. */
    private static final class Positions implements Runner.Listener {
        private final TokenSequence sequence;
        private final Optional<float[]> argmax;
        private final boolean wantsLoss;
        private float[] last = {};
        private double lacks;
        private int others;
        private double loss;
        private int counted;

        Positions(TokenSequence sequence, Optional<float[]> argmax, boolean wantsLoss) {
            this.sequence = sequence;
            this.argmax = argmax;
            this.wantsLoss = wantsLoss;
        }

        @Override
        public boolean wants(int position) {
            return wantsLoss || argmax.isPresent() || position == sequence.size() - 1;
        }

        @Override
        public void logits(int position, float[] logits) {
            if (argmax.isPresent() && position < argmax.get().length) {
                int golden = (int) argmax.get()[position];
                lacks = Math.max(lacks, Distance.lacks(logits, golden));
                others += Distance.argmax(logits) == golden ? 0 : 1;
            }
            if (position == sequence.size() - 1) {
                last = logits;
            } else if (wantsLoss && sequence.imageOf(position + 1) < 0) {
                loss += crossEntropy(logits, sequence.id(position + 1));
                counted++;
            }
        }

        private static double crossEntropy(float[] logits, int id) {
            double largest = logits[Distance.argmax(logits)];
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp(logit - largest);
            }
            return largest + Math.log(sum) - logits[id];
        }

        float[] last() {
            return last;
        }

        /** The mean over all words that have one before them; soft tokens are nothing to foretell. */
        double loss() {
            return loss / counted;
        }

        Comparison argmax(Judge judge) {
            int count = argmax.orElseThrow().length;
            return count == sequence.size()
                    ? judge.ids(GemmaStages.ARGMAX, lacks, others, count)
                    : Judge.wrongLength(GemmaStages.ARGMAX, sequence.size(), count);
        }
    }
}
