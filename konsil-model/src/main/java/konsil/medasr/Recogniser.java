package konsil.medasr;

import konsil.tensor.BadInputException;
import konsil.tensor.KernelOps;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;

/**
 * Runs a model over clips in one piece: samples to what it says about every frame. {@link LongAudio} does the same for
 * sound of any length. For one thread at a time.
 */
public final class Recogniser implements AutoCloseable {
    private final MedAsr model;
    private final LogMel logMel = new LogMel();
    private final Workspace workspace;
    private final KernelOps ops;

    /** @param memoryLimit bytes of working memory, besides weights, before a clip is refused */
    public Recogniser(MedAsr model, long memoryLimit) {
        this.model = model;
        this.workspace = new Workspace(memoryLimit);
        this.ops = new KernelOps(model.engine().kernels(), model.engine().workers(), workspace);
    }

    public MedAsr model() {
        return model;
    }

    /**
     * What the network says about every frame.
     *
     * @param samples -1 to 1, 16 kHz, one channel
     * @return no frames when there are fewer samples than {@link FrameClock#span}
     * @throws BadInputException when the clip needs more than the memory limit, or a sample is no finite number
     */
    public Emissions emissions(float[] samples) {
        int tokens = model.config().vocabSize();
        float[] logits = logits(samples);
        return new Emissions(logits.length / tokens, tokens, LogSoftmax.of(logits, tokens));
    }

    /**
     * The numbers before the softmax; otherwise as {@link #emissions}.
     *
     * @return (frames, vocabSize), row-major
     */
    public float[] logits(float[] samples) {
        requireFinite(samples);
        return ofFeatures(logMel.of(samples)).logits();
    }

    /** What comes out of the encoder and of the head, both row-major. */
    public record Stages(float[] encoder, float[] logits) {}

    /**
     * The network alone.
     *
     * @param features (frames, melBins), row-major
     */
    public Stages ofFeatures(float[] features) {
        var config = model.config();
        int bins = config.encoder().subsampling().melBins();
        int frames = features.length / bins;
        if (config.encoder().subsampling().frames(frames) == 0) {
            return new Stages(new float[0], new float[0]);
        }
        workspace.reset();
        Tensor input = workspace.tensor(frames, bins);
        input.copyFrom(features);
        Tensor encoded = model.network().encode(ops, input, model.engine().none());
        return new Stages(
                encoded.toArray(), model.network().logits(ops, encoded).toArray());
    }

    private static void requireFinite(float[] samples) {
        for (int i = 0; i < samples.length; i++) {
            if (!Float.isFinite(samples[i])) {
                throw new BadInputException("sample %d is %s, want a finite number".formatted(i, samples[i]));
            }
        }
    }

    @Override
    public void close() {
        workspace.close();
    }
}
