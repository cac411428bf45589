package konsil.medasr;

import java.util.function.IntFunction;
import konsil.tensor.BadInputException;
import konsil.tensor.KernelOps;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;

/**
 * Runs a model over clips in one piece: samples to what it says about every frame. {@link LongAudio} does the same for
 * sound of any length. For one thread at a time.
 */
public final class Recogniser implements AutoCloseable {
    /** Some hundred microseconds of work for a core. */
    private static final int FRAMES_TOGETHER = 64;

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
        return emissions(samples, 0, samples.length);
    }

    /** What the network says about a part of some sound, as of a clip of its own. */
    Emissions emissions(float[] samples, int from, int to) {
        return emissions(samples, from, to, float[]::new);
    }

    /** @param memory gives an array of so many numbers, whatever they are, for the result */
    Emissions emissions(float[] samples, int from, int to, IntFunction<float[]> memory) {
        int tokens = model.config().vocabSize();
        float[] values = logits(samples, from, to, memory);
        int frames = values.length / tokens;
        shared(frames, (first, count) -> LogSoftmax.inPlace(values, tokens, first, count));
        return new Emissions(frames, tokens, values);
    }

    /**
     * The numbers before the softmax; otherwise as {@link #emissions}.
     *
     * @return (frames, vocabSize), row-major
     */
    public float[] logits(float[] samples) {
        return logits(samples, 0, samples.length, float[]::new);
    }

    private float[] logits(float[] samples, int from, int to, IntFunction<float[]> memory) {
        requireFinite(samples, from, to);
        int frames = LogMel.frames(to - from);
        if (model.config().encoder().subsampling().frames(frames) == 0) {
            return new float[0];
        }
        workspace.reset();
        var input = workspace.tensor(frames, LogMel.BINS);
        shared(frames, (first, count) -> {
            float[] some = logMel.of(samples, from + first * LogMel.HOP, count);
            for (int i = 0; i < some.length; i++) {
                input.rows().set(first + i / LogMel.BINS, i % LogMel.BINS, some[i]);
            }
        });
        Tensor logits = model.network().logits(ops, encoded(input));
        float[] values = memory.apply(Math.toIntExact(logits.size()));
        int tokens = logits.cols();
        shared(logits.dim(0), (first, count) -> {
            for (int i = first * tokens; i < (first + count) * tokens; i++) {
                values[i] = logits.rows().get(i / tokens, i % tokens);
            }
        });
        return values;
    }

    /** Does something with some frames. */
    private interface SomeFrames {
        void run(int first, int count);
    }

    /** All frames, a few at a time, shared among the cores. */
    private void shared(int frames, SomeFrames body) {
        model.engine().workers().run(Math.ceilDiv(frames, FRAMES_TOGETHER), chunk -> {
            int first = chunk * FRAMES_TOGETHER;
            body.run(first, Math.min(FRAMES_TOGETHER, frames - first));
        });
    }

    private Tensor encoded(Tensor features) {
        return model.network().encode(ops, features, model.engine().none());
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
        Tensor encoded = encoded(input);
        return new Stages(
                encoded.toArray(), model.network().logits(ops, encoded).toArray());
    }

    private static void requireFinite(float[] samples, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Float.isFinite(samples[i])) {
                throw new BadInputException("sample %d is %s, want a finite number".formatted(i - from, samples[i]));
            }
        }
    }

    @Override
    public void close() {
        workspace.close();
    }
}
