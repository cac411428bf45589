package konsil.medgemma;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import konsil.kernel.Kernels;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import konsil.medgemma.WorkingFormat.Part;
import konsil.tensor.BadInputException;
import konsil.tensor.KvCache;
import konsil.tensor.Projection;
import konsil.tensor.RingCache;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Parameters;
import konsil.tensor.file.Weights;

/**
 * A loaded checkpoint of the Gemma 3 family: its configuration and its networks, and the kernels that run them. Nothing
 * in it changes; several {@link Runner}s on several threads may share it.
 */
public final class MedGemma implements AutoCloseable {
    private final MedGemmaConfig config;
    private final GemmaText text;
    private final Optional<ImageEncoder> images;
    private final Parameters parameters;
    private final Engine engine;
    private final Runnable close;
    private boolean closed;

    /**
     * What computes, and how keys and values are kept.
     *
     * @param cache of the text
     * @param images how those of the vision tower are rounded on the way
     */
    record Engine(Kernels kernels, Workers workers, WeightFormat cache, KvCache.None images) {
        static Engine of(Kernels kernels, Workers workers, LoadOptions options) {
            var images = options.images() == WorkingFormat.EXACT ? WeightFormat.F32 : WeightFormat.BF16;
            return new Engine(kernels, workers, options.cache().orElseThrow(), new KvCache.None(images));
        }
    }

    private MedGemma(
            MedGemmaConfig config,
            GemmaText text,
            Optional<ImageEncoder> images,
            Parameters parameters,
            Engine engine,
            Runnable close) {
        this.config = config;
        this.parameters = parameters;
        this.text = text;
        this.images = images;
        this.engine = engine;
        this.close = close;
    }

    /**
     * Loads a model.
     *
     * @param paths a Hugging Face folder, a packed file, or a GGUF text model and, after it, its image projector
     * @param kernels must stay usable as long as the model
     * @param workers pack matrices and run the kernels
     * @throws BadFileException when the files are damaged, of another architecture, or their tensors do not fit the
     *     configuration: one report of all that is missing, misshapen or unknown
     * @throws IOException when the disk fails
     */
    public static MedGemma load(List<Path> paths, Kernels kernels, Workers workers, LoadOptions options)
            throws IOException {
        var checkpoint = Checkpoint.open(paths);
        var memory = new NativeMemory();
        Runnable close = () -> {
            memory.close();
            checkpoint.close();
        };
        try {
            var config = MedGemmaConfig.of(checkpoint);
            var named = checkpoint.renamed(TensorNames.of(checkpoint));
            float normOffset = MedGemmaConfig.gguf(checkpoint) ? 0 : 1;
            var count = new NetworkWeights.Count(options.progress());
            var settled = settled(options, named);
            var load = new NetworkWeights.Load(
                    settled, normOffset, new WeightPacker(workers), memory, count, new ArrayList<>());
            var engine = Engine.of(kernels, workers, settled);
            return networks(config, named, load).model(config, engine, close);
        } catch (RuntimeException | Error e) {
            close.run();
            throw e;
        }
    }

    /** A file without rows of words is reported later, with all else that it lacks. */
    private static LoadOptions settled(LoadOptions options, Checkpoint named) {
        return named.names().contains(TensorNames.EMBEDDING)
                ? options.settled(named.info(TensorNames.EMBEDDING))
                : options.withCache(WeightFormat.F32);
    }

    private record Networks(GemmaText text, Optional<ImageEncoder> images, Parameters parameters) {
        MedGemma model(MedGemmaConfig config, Engine engine, Runnable close) {
            return new MedGemma(config, text, images, parameters, engine, close);
        }
    }

    /** First everything is asked for, then everything is checked, then it is taken. */
    private static Networks networks(MedGemmaConfig config, Checkpoint named, NetworkWeights.Load load) {
        var weights = Weights.of(named);
        var door = new NetworkWeights(weights, load);
        boolean ownHead = hasOwnHead(config, named);
        Optional<Supplier<Projection>> head = ownHead
                ? Optional.of(door.projection(
                        TensorNames.HEAD,
                        Part.EMBEDDING,
                        config.text().vocabSize(),
                        config.text().hiddenSize()))
                : Optional.empty();
        var text = GemmaText.load(door.in(TensorNames.TEXT), head, config.text());
        var images = config.images().map(c -> images(door, c, config.text().hiddenSize()));
        weights.finish(name -> TensorNames.inert(name) || !ownHead && name.equals(TensorNames.HEAD));
        var loaded = text.get();
        var seen = images.map(Supplier::get);
        return new Networks(loaded, seen, new Parameters(load.parameters()));
    }

    private static Supplier<ImageEncoder> images(NetworkWeights door, ImageConfig config, int textSize) {
        var vision = SiglipVision.load(door.in(TensorNames.VISION), config.vision());
        var projector = ImageProjector.load(door.in(TensorNames.PROJECTOR), config, textSize);
        return () -> new ImageEncoder(vision.get(), projector.get());
    }

    /** A tied model may hold its output a second time; where it differs from the embedding, it was trained apart. */
    private static boolean hasOwnHead(MedGemmaConfig config, Checkpoint named) {
        boolean twin = config.text().tied()
                && named.names().contains(TensorNames.HEAD)
                && named.names().contains(TensorNames.EMBEDDING)
                && named.same(TensorNames.HEAD, TensorNames.EMBEDDING);
        return !config.text().tied() || named.names().contains(TensorNames.HEAD) && !twin;
    }

    public MedGemmaConfig config() {
        return config;
    }

    public GemmaText text() {
        return text;
    }

    /** Empty for text-only models. */
    public Optional<ImageEncoder> images() {
        return images;
    }

    /** How keys and values of the text are kept. */
    public WeightFormat cacheFormat() {
        return engine.cache();
    }

    Engine engine() {
        return engine;
    }

    /**
     * The same model with other matrices in its text layers. It uses this one's memory, must not outlive it, and need
     * not be closed.
     */
    public MedGemma adapted(GemmaText.Adapting adapting) {
        return new MedGemma(config, text.adapted(adapting), images, parameters, engine, () -> {});
    }

    /** The same with other matrices in the layers of its image tower, too, if it has one. */
    public MedGemma adapted(GemmaText.Adapting ofText, GemmaText.Adapting ofImages) {
        var seen = images.map(encoder -> new ImageEncoder(encoder.vision().adapted(ofImages), encoder.projector()));
        return new MedGemma(config, text.adapted(ofText), seen, parameters, engine, () -> {});
    }

    /**
     * The same model with an adapter on its matrices; shares memory as {@link #adapted} does.
     *
     * @throws BadInputException when the adapter is for matrices that this model does not have, or of other sizes
     */
    public MedGemma adapted(Adapter adapter) {
        var use = adapter.use();
        var changed = text.adapted((name, base) -> use.on(TensorNames.TEXT + "." + name, base));
        var seen = images.map(encoder -> new ImageEncoder(
                encoder.vision().adapted((name, base) -> use.on(TensorNames.VISION + "." + name, base)),
                encoder.projector()));
        use.finish();
        return new MedGemma(config, changed, seen, parameters, engine, () -> {});
    }

    /** The same model as {@link TextConfig#coarseAngles()} describes it; shares memory as {@link #adapted} does. */
    public MedGemma coarseAngles() {
        return with(config.text().coarseAngles());
    }

    /**
     * The same model as {@link TextConfig#withEmbeddingFactor} describes it; shares memory as {@link #adapted} does.
     */
    public MedGemma withEmbeddingFactor(float factor) {
        return with(config.text().withEmbeddingFactor(factor));
    }

    private MedGemma with(TextConfig other) {
        var changed = new MedGemmaConfig(other, config.images(), config.stopTokens());
        return new MedGemma(changed, text.with(other), images, parameters, engine, () -> {});
    }

    /**
     * An empty cache for one sequence.
     *
     * @param maxPositions tokens of the longest sequence, answer included
     * @param maxChunk the most tokens that are run at once; at least an image
     */
    public RingCache cache(long maxPositions, int maxChunk) {
        return cache(maxPositions, maxChunk, maxChunk);
    }

    /** The same, from which {@code back} tokens can be forgotten without reading all again. */
    public RingCache cache(long maxPositions, int maxChunk, int back) {
        int least = config.images().map(ImageConfig::tokensPerImage).orElse(1);
        if (maxChunk < least) {
            throw new BadInputException("chunks of %d tokens cannot hold an image of %d".formatted(maxChunk, least));
        }
        return new RingCache(
                config.text().cache(engine.cache(), maxPositions, maxChunk).goingBack(back));
    }

    /**
     * What training may change: all tensors of a model loaded with {@link LoadOptions#forTraining}, by published
     * name. None of a model that was loaded otherwise.
     */
    public Parameters parameters() {
        return parameters;
    }

    /** Gives all memory back; nothing of the model must be used afterwards. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            close.run();
        }
    }
}
