package konsil.cli.tune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.cli.Output;
import konsil.cli.Phase;
import konsil.cli.Progress;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.MedGemmaConfig;
import konsil.medgemma.PixelInputs;
import konsil.medgemma.PixelSettings;
import konsil.medgemma.PixelSettings.Framing;
import konsil.media.ImageSettings;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fingerprint;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;
import konsil.train.data.ExampleMaker;
import picocli.CommandLine.ParseResult;

/** A model's files with what computes; its weights are loaded when they are asked for, after the data are checked. */
final class OpenModel implements AutoCloseable {
    private final List<Path> paths = new ArrayList<>();
    private final Checkpoint files;
    private final MedGemmaConfig config;
    private final Tokenizer tokenizer;
    private final Workers workers = Workers.forThisMachine();
    private final KernelChoice kernels = KernelChoice.best(workers);
    private final StudyPieces studies = new StudyPieces();
    private final List<MedGemma> loaded = new ArrayList<>();

    private OpenModel(ParseResult arguments) throws IOException {
        paths.add(arguments.matchedOptionValue(TuneOptions.MODEL, Path.of("")));
        TuneOptions.path(arguments, TuneOptions.MMPROJ).ifPresent(paths::add);
        files = Checkpoint.open(paths);
        try {
            config = MedGemmaConfig.of(files);
            tokenizer = TokenizerFiles.of(files);
        } catch (RuntimeException e) {
            files.close();
            workers.close();
            throw e;
        }
    }

    static OpenModel of(ParseResult arguments) throws IOException {
        return new OpenModel(arguments);
    }

    Path path() {
        return paths.getFirst();
    }

    MedGemmaConfig config() {
        return config;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Workers workers() {
        return workers;
    }

    KernelChoice kernels() {
        return kernels;
    }

    String fingerprint() {
        return Fingerprint.of(files);
    }

    /** How many numbers the files hold. */
    long values() {
        return files.names().stream()
                .mapToLong(name -> files.info(name).elements())
                .sum();
    }

    ExampleMaker exampleMaker(ParseResult arguments) {
        int side = config.images().map(images -> images.vision().imageSize()).orElse(1);
        var pixels = PixelSettings.of(
                        files.settings("processor_config.json"), files.settings("preprocessor_config.json"), side)
                .with(arguments.hasMatchedOption(TuneOptions.PAD) ? Framing.PADDED : Framing.STRETCHED);
        return new ExampleMaker(config, tokenizer, new PixelInputs(pixels), ImageSettings.careful(), studies);
    }

    MedGemma load(LoadOptions options, Output output) throws IOException {
        try (var loading = new Phase(output, "load model", Progress.Unit.STEPS)) {
            var model = MedGemma.load(paths, kernels.kernels(), workers, options.withProgress(loading::at));
            loaded.add(model);
            return model;
        }
    }

    @Override
    public void close() throws IOException {
        studies.close();
        loaded.forEach(MedGemma::close);
        files.close();
        workers.close();
    }
}
