package konsil.medasr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import konsil.kernel.KernelChoice;
import konsil.kernel.KernelChoice.Kind;
import konsil.kernel.Workers;

/** A model and a recogniser on kernels of one kind. */
final class OpenAsr implements AutoCloseable {
    private final Workers workers;
    private final MedAsr model;
    private final Recogniser recogniser;

    OpenAsr(Kind kind, WorkingFormat format, Path path) {
        workers = new Workers(1);
        try {
            var kernels = KernelChoice.of(kind, workers).kernels();
            model = MedAsr.load(List.of(path), kernels, workers, LoadOptions.of(format));
            recogniser = new Recogniser(model, 1L << 30);
        } catch (IOException e) {
            workers.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    /** Every kind of kernels that this machine can run. */
    static List<Kind> kinds() {
        try (var workers = new Workers(1)) {
            return Arrays.stream(Kind.values())
                    .filter(kind ->
                            KernelChoice.of(kind, workers).kernels().name().equalsIgnoreCase(kind.name()))
                    .toList();
        }
    }

    MedAsr model() {
        return model;
    }

    Recogniser recogniser() {
        return recogniser;
    }

    @Override
    public void close() {
        recogniser.close();
        model.close();
        workers.close();
    }
}
