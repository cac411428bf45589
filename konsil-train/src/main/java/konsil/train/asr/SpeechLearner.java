package konsil.train.asr;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import konsil.kernel.WeightFormat;
import konsil.medasr.Clips;
import konsil.medasr.Conformer;
import konsil.medasr.LogMel;
import konsil.tensor.KvCache;
import konsil.tensor.Ops;
import konsil.tensor.TapeOps;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.train.CtcLoss;
import konsil.train.Gradients;
import konsil.train.TrainingEngine;

/** Runs batches of clips through a MedASR forwards and backwards. For one thread at a time. */
public final class SpeechLearner {
    private final SpeechSubject subject;
    private final TrainingEngine engine;
    private final Keeping keeping;
    private final CtcLoss ctc;
    private final KvCache.None none = new KvCache.None(WeightFormat.F32);

    /** @param engine its workspace is reset at every batch */
    public SpeechLearner(SpeechSubject subject, TrainingEngine engine, Keeping keeping) {
        this.subject = subject;
        this.engine = engine;
        this.keeping = keeping;
        this.ctc = new CtcLoss(subject.model().config().blank());
    }

    /**
     * A clip as the network is given it.
     *
     * @param features (frames, {@link LogMel#BINS}), row-major
     * @param labels tokens of its text
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Heard(float[] features, int[] labels) {
        int frames() {
            return features.length / LogMel.BINS;
        }
    }

    /**
     * The mean loss of clips, with running statistics in the batch norms, and its gradients.
     *
     * @param sums for each learnt tensor where its gradient is added
     */
    public double learn(List<Heard> batch, Map<Tensor, Tensor> sums) {
        return learn(batch, batch.size(), Optional.empty(), sums);
    }

    /**
     * The loss of clips that are run side by side, and its gradients: for each clip -log p of its text, divided by the
     * text's tokens and by {@code divisor}, added up.
     *
     * @param statistics of the batch for the batch norms, which go on with it; running ones when empty
     * @param sums for each learnt tensor where its gradient is added
     */
    double learn(List<Heard> batch, double divisor, Optional<RunningStatistics> statistics, Map<Tensor, Tensor> sums) {
        engine.workspace().reset();
        var tape = new TapeOps(engine.ops(), subject.learnt(), keeping);
        var clips = clips(batch);
        var network = statistics.map(RunningStatistics::network).orElseGet(() -> subject.model()
                .network());
        Tensor logits = logits(tape, network, batch, clips);
        Tensor above = engine.workspace().tensor(logits.shape());
        double loss = 0;
        int at = 0;
        int[] lengths = clips.lengths();
        for (int i = 0; i < lengths.length; i++) {
            loss += ctc.loss(
                    logits.slice(at, lengths[i]), batch.get(i).labels(), 1 / divisor, above.slice(at, lengths[i]));
            at += lengths[i];
        }
        new Gradients(engine, sums).seed(logits, above).walk(tape);
        int rows = at;
        statistics.ifPresent(s -> s.learn(rows));
        return loss;
    }

    /**
     * What the network as it is used says about each frame of clips that are run side by side.
     *
     * @return for each clip (frames, vocabSize); good until the next batch
     */
    List<Tensor> logits(List<Heard> batch) {
        engine.workspace().reset();
        var clips = clips(batch);
        Tensor logits = logits(engine.ops(), subject.model().network(), batch, clips);
        var each = new ArrayList<Tensor>();
        int at = 0;
        for (int length : clips.lengths()) {
            each.add(logits.slice(at, length));
            at += length;
        }
        return each;
    }

    /** The loss of one clip alone, from its logits, divided by the text's tokens. */
    double loss(Tensor logits, int[] labels) {
        return ctc.loss(logits, labels, 1, engine.workspace().tensor(logits.shape()));
    }

    private Clips clips(List<Heard> batch) {
        int[] frames = batch.stream().mapToInt(Heard::frames).toArray();
        return new Clips(frames, subject.model().config().encoder().subsampling());
    }

    private Tensor logits(Ops ops, Conformer network, List<Heard> batch, Clips clips) {
        Tensor features = engine.workspace().tensor(clips.rows(), LogMel.BINS);
        features.rows().clear();
        int at = 0;
        for (int i = 0; i < batch.size(); i++) {
            features.slice(at, batch.get(i).frames()).copyFrom(batch.get(i).features());
            at += clips.room(i);
        }
        return network.logits(ops, network.encodeAll(ops, features, clips, none));
    }
}
