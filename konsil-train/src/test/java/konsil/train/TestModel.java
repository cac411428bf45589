package konsil.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.Runner;
import konsil.medgemma.TokenSequence;
import konsil.medgemma.WorkingFormat;

/** A small model from golden/, opened. */
public record TestModel(MedGemma model, KernelChoice kernels, Workers workers) implements AutoCloseable {
    private static final long LIMIT = 1L << 28;

    public static TestModel open(Path folder) throws IOException {
        return open(folder, LoadOptions.of(WorkingFormat.EXACT));
    }

    public static TestModel open(Path folder, LoadOptions options) throws IOException {
        var workers = new Workers(2);
        var kernels = KernelChoice.best(workers);
        return new TestModel(MedGemma.load(List.of(folder), kernels.kernels(), workers, options), kernels, workers);
    }

    /** Logits after the last of these words. */
    public static float[] logits(MedGemma model, int... ids) {
        try (var runner = new Runner(model, LIMIT);
                var cache = model.cache(ids.length, Math.max(64, ids.length))) {
            return runner.prefill(cache, TokenSequence.ofText(ids), List.of());
        }
    }

    @Override
    public void close() {
        model.close();
        workers.close();
    }
}
