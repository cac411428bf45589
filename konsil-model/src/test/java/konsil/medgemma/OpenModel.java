package konsil.medgemma;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import konsil.kernel.KernelChoice;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.Workers;

/** A model and a runner on kernels of one kind. */
final class OpenModel implements AutoCloseable {
    private static final long MEMORY = 1L << 30;

    private final Workers workers;
    private final MedGemma model;
    private final Runner runner;

    OpenModel(Kind kind, LoadOptions options, Path... paths) {
        workers = new Workers(2);
        try {
            model = MedGemma.load(List.of(paths), KernelChoice.of(kind, workers).kernels(), workers, options);
            runner = new Runner(model, MEMORY);
        } catch (IOException e) {
            workers.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    /** Every kind of kernels that this machine can run. */
    static Stream<Kind> kinds() {
        try (var workers = new Workers(1)) {
            return Arrays.stream(Kind.values())
                    .filter(kind ->
                            KernelChoice.of(kind, workers).kernels().name().equalsIgnoreCase(kind.name()))
                    .toList()
                    .stream();
        }
    }

    MedGemma model() {
        return model;
    }

    Runner runner() {
        return runner;
    }

    TokenSequence sequence(Golden.Case c) {
        return TokenSequence.of(model.config(), c.ids());
    }

    List<SoftTokens> images(Golden golden, Golden.Case c) {
        var images = new ArrayList<SoftTokens>();
        for (String image : c.images()) {
            images.add(runner.encode(golden.pixels(image)));
        }
        return images;
    }

    /** Logits after the last token, in one chunk. */
    float[] logits(Golden golden, Golden.Case c) {
        try (var cache = model.cache(1024, 1024)) {
            return runner.prefill(cache, sequence(c), images(golden, c));
        }
    }

    @Override
    public void close() {
        runner.close();
        model.close();
        workers.close();
    }
}
