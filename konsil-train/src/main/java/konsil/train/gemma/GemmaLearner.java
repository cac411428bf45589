package konsil.train.gemma;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import konsil.kernel.WeightFormat;
import konsil.medgemma.Batch;
import konsil.medgemma.ImageEncoder;
import konsil.medgemma.SoftTokens;
import konsil.medgemma.TokenSequence;
import konsil.medgemma.VisionConfig;
import konsil.tensor.KvCache;
import konsil.tensor.Ops;
import konsil.tensor.TapeOps;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.train.CrossEntropy;
import konsil.train.Gradients;
import konsil.train.TrainingEngine;

/** Runs examples through a MedGemma forwards and backwards. For one thread at a time. */
public final class GemmaLearner {
    private final TrainingEngine engine;
    private final SoftTokenStore seen;
    private final CrossEntropy loss;
    private final KvCache.None none = new KvCache.None(WeightFormat.F32);

    /** @param engine its workspace is reset at every example */
    public GemmaLearner(TrainingEngine engine, SoftTokenStore seen) {
        this.engine = engine;
        this.seen = seen;
        this.loss = new CrossEntropy(engine);
    }

    /**
     * What is trained of a network.
     *
     * @param tensors plain f32
     * @param ofImages those of them that are in the image part
     * @param keeping how much of the way forward is kept
     */
    public record Learning(Network network, Set<Tensor> tensors, Set<Tensor> ofImages, Keeping keeping) {
        /** Those that an example has gradients for; torch leaves the others alone. */
        private Set<Tensor> usedBy(Example example) {
            return example.images().isEmpty()
                    ? tensors.stream()
                            .filter(tensor -> !ofImages.contains(tensor))
                            .collect(Collectors.toSet())
                    : tensors;
        }
    }

    /**
     * The loss of an example, the mean over {@code divisor} tokens, and its gradients.
     *
     * @param sums for each trained tensor where its gradient is added
     * @throws IOException when an image cannot be read
     */
    public Learnt learn(Learning learning, Example example, double divisor, Map<Tensor, Tensor> sums)
            throws IOException {
        return learn(learning, example, sums, (network, hidden, gradients) -> {
            var labels = new CrossEntropy.Labels(example.labels(), divisor);
            return loss.throughHead(network.text()::logits, hidden, labels, learning.tensors(), gradients);
        });
    }

    /**
     * What came of an example.
     *
     * @param used trained tensors that have a gradient
     */
    public record Learnt(double loss, Set<Tensor> used) {}

    /** A loss of what the decoder returned. */
    @FunctionalInterface
    public interface Objective {
        /**
         * Seeds the gradients of {@code hidden} and of what leads from it to the loss.
         *
         * @param hidden (tokens, hiddenSize)
         * @return the loss
         */
        double of(Network network, Tensor hidden, Gradients gradients);
    }

    /** As {@link #learn(Learning, Example, double, Map)}, for another objective than the next token. */
    public Learnt learn(Learning learning, Example example, Map<Tensor, Tensor> sums, Objective objective)
            throws IOException {
        engine.workspace().reset();
        var tape = new TapeOps(engine.ops(), learning.tensors(), learning.keeping());
        Tensor hidden = hidden(tape, learning.network(), example);
        var gradients = new Gradients(engine, sums);
        double value = objective.of(learning.network(), hidden, gradients);
        gradients.walk(tape);
        return new Learnt(value, learning.usedBy(example));
    }

    /** The loss alone, the mean over {@code divisor} tokens. @throws IOException when an image cannot be read */
    public double loss(Network network, Example example, double divisor) throws IOException {
        Tensor hidden = hidden(network, example);
        var labels = new CrossEntropy.Labels(example.labels(), divisor);
        return loss.throughHead(network.text()::logits, hidden, labels, Set.of(), new Gradients(engine));
    }

    /** What the decoder returns, nothing remembered. @return (tokens, hiddenSize), good until the next example */
    public Tensor hidden(Network network, Example example) throws IOException {
        engine.workspace().reset();
        return hidden(engine.ops(), network, example);
    }

    /** What a network makes of an image. @throws IOException when it cannot be read */
    public SoftTokens softTokens(Network network, ExampleImage image) throws IOException {
        engine.workspace().reset();
        Tensor soft = soft(engine.ops(), network, image);
        return new SoftTokens(soft.toArray(), soft.dim(0), soft.dim(1));
    }

    private Tensor hidden(Ops ops, Network network, Example example) throws IOException {
        var sequence = example.sequence();
        Tensor x = network.text().embed(ops, sequence.words(0, sequence.size()));
        for (int image = 0; image < example.images().size(); image++) {
            Tensor soft = soft(ops, network, example.images().get(image));
            x = ops.scatterRows(x, positions(sequence, image), soft);
        }
        return network.text().forward(ops, x, Batch.of(sequence.mask(), none, sequence.size()));
    }

    private static int[] positions(TokenSequence sequence, int image) {
        return IntStream.range(0, sequence.size())
                .filter(position -> sequence.imageOf(position) == image)
                .toArray();
    }

    /** @return (tokensPerImage, hiddenSize) */
    private Tensor soft(Ops ops, Network network, ExampleImage image) throws IOException {
        var encoder = network.images().orElseThrow();
        if (network.learnsImages()) {
            return encoder.forward(ops, pixels(encoder, image), none);
        }
        var known = seen.find(image.key());
        SoftTokens tokens = known.isPresent() ? known.get() : look(encoder, image);
        Tensor soft = engine.workspace().tensor(tokens.tokens(), tokens.size());
        soft.copyFrom(tokens.values());
        return soft;
    }

    private SoftTokens look(ImageEncoder encoder, ExampleImage image) throws IOException {
        float[] values = image.pixels().read();
        try (var _ = engine.workspace().mark()) {
            Tensor soft = encoder.forward(engine.ops(), pixels(encoder, values), none);
            var tokens = new SoftTokens(soft.toArray(), soft.dim(0), soft.dim(1));
            seen.put(image.key(), tokens);
            return tokens;
        }
    }

    private Tensor pixels(ImageEncoder encoder, ExampleImage image) throws IOException {
        return pixels(encoder, image.pixels().read());
    }

    private Tensor pixels(ImageEncoder encoder, float[] values) {
        int side = encoder.vision().config().imageSize();
        Tensor pixels = engine.workspace().tensor(VisionConfig.CHANNELS, side, side);
        pixels.copyFrom(values);
        return pixels;
    }
}
