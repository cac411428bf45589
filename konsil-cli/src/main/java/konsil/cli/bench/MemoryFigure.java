package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The most memory that the process holds while it answers: mapped weights, cache, working memory and the JVM. */
final class MemoryFigure {
    static final double GIGA = 1e9;

    /** Written there, this makes the system forget the largest size so far (proc(5)). */
    private static final Path FORGET_PEAK = Path.of("/proc/self/clear_refs");

    private static final String PEAK = "5";
    private static final int PROMPT = 512;

    private final ModelRun run;

    MemoryFigure(ModelRun run) {
        this.run = run;
    }

    Figure measure(int context) throws IOException {
        forgetPeak();
        double cacheBytes;
        try (var cache = run.cache(context + 1L)) {
            cache.reserve(context);
            cacheBytes = cache.byteSize();
            run.runner().prefill(cache, ModelRun.words(Math.min(context, PROMPT)), List.of());
        }
        double peak = highWater() - run.limits().heldBytes();
        double weights = Files.size(run.file());
        return run.figure("peak memory", peak / GIGA, "GB")
                .share(100 * peak / (weights + cacheBytes), "weights and cache of %d tokens".formatted(context))
                .aim(run.aims().memory(weights, cacheBytes));
    }

    static void forgetPeak() throws IOException {
        Files.writeString(FORGET_PEAK, PEAK);
    }

    /** Bytes. */
    static double highWater() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }
}
