package konsil.medasr;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import konsil.kernel.Kernels;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import konsil.tensor.KvCache;
import konsil.tensor.Tensor;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Parameters;
import konsil.tensor.file.Parameters.Parameter;
import konsil.tensor.file.Weights;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;

/**
 * A loaded checkpoint of the LASR family: its configuration, its network and its tokenizer, and the kernels that run
 * it. Nothing in it changes; several {@link Recogniser}s on several threads may share it.
 */
public final class MedAsr implements AutoCloseable {
    private static final List<String> TOKENIZERS =
            List.of(TokenizerFiles.PACKED, "tokenizer.json", "tokenizer.model", "spiece.model");

    private final MedAsrConfig config;
    private final Conformer network;
    private final Optional<Tokenizer> tokenizer;
    private final Parameters parameters;
    private final Engine engine;
    private final Runnable close;
    private boolean closed;

    /**
     * What computes.
     *
     * @param none how keys and values are rounded on the way
     */
    record Engine(Kernels kernels, Workers workers, KvCache.None none) {}

    private MedAsr(
            MedAsrConfig config,
            Conformer network,
            Optional<Tokenizer> tokenizer,
            Parameters parameters,
            Engine engine,
            Runnable close) {
        this.config = config;
        this.parameters = parameters;
        this.network = network;
        this.tokenizer = tokenizer;
        this.engine = engine;
        this.close = close;
    }

    /**
     * Loads a model.
     *
     * @param paths a Hugging Face folder or a packed file
     * @param kernels must stay usable as long as the model
     * @param workers pack matrices and run the kernels
     * @throws BadFileException when the files are damaged, of another architecture, or their tensors do not fit the
     *     configuration: one report of all that is missing, misshapen or unknown
     * @throws IOException when the disk fails
     */
    public static MedAsr load(List<Path> paths, Kernels kernels, Workers workers, LoadOptions options)
            throws IOException {
        var checkpoint = Checkpoint.open(paths);
        var memory = new NativeMemory();
        Runnable close = () -> {
            memory.close();
            checkpoint.close();
        };
        try {
            var config = MedAsrConfig.of(checkpoint);
            var weights = Weights.of(checkpoint.renamed(MedAsr::published));
            var parameters = new ArrayList<Parameter>();
            var load = new NetworkWeights.Load(options, new WeightPacker(workers), memory, parameters);
            int hidden = config.encoder().hiddenSize();
            var network = Conformer.load(new NetworkWeights(weights, load), config, () -> Tensor.zeros(memory, hidden));
            weights.finish(MedAsr::inert);
            var engine = new Engine(kernels, workers, new KvCache.None(options.keys()));
            var loaded = network.get();
            return new MedAsr(config, loaded, tokenizer(checkpoint), new Parameters(parameters), engine, close);
        } catch (RuntimeException | Error e) {
            close.run();
            throw e;
        }
    }

    private static Optional<Tokenizer> tokenizer(Checkpoint checkpoint) {
        boolean there = TOKENIZERS.stream().anyMatch(checkpoint.files()::contains);
        return there ? Optional.of(TokenizerFiles.of(checkpoint)) : Optional.empty();
    }

    /** Wrappings that training tools leave in the names of a saved model. */
    private static String published(String name) {
        String bare = name.replace(".base_layer.", ".").replace(".modules_to_save.default.", ".");
        for (String wrapper : List.of("base_model.model.", "base_model.", "module.", "model.")) {
            bare = bare.startsWith(wrapper) ? bare.substring(wrapper.length()) : bare;
        }
        return bare;
    }

    /** Buffers that follow from the configuration, or count steps of training. */
    private static boolean inert(String name) {
        return name.endsWith("rotary_emb.inv_freq") || name.endsWith(".norm.num_batches_tracked");
    }

    public MedAsrConfig config() {
        return config;
    }

    public Conformer network() {
        return network;
    }

    /** Empty where no file of it came with the model. */
    public Optional<Tokenizer> tokenizer() {
        return tokenizer;
    }

    Engine engine() {
        return engine;
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
