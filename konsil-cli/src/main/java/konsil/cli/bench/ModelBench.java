package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import konsil.kernel.KernelChoice;
import konsil.kernel.Limits;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.kernel.code.Probe;
import konsil.medgemma.Job;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.Runner;
import konsil.medgemma.TokenSequence;
import konsil.tensor.RingCache;

/**
 * Measures a whole model of a published shape with made-up weights: reading prompts, answering, looking at an image.
 * Each figure stands beside the limit that was measured in the same run: arithmetic for prompts and images, the read
 * rate for answers.
 */
final class ModelBench implements AutoCloseable {
    private static final long MEMORY_LIMIT = 16L << 30;
    private static final int CHUNK = 512;
    private static final int STEPS = 12;
    private static final int WORDS = 262_144;
    private static final double GIGA = 1e9;

    private final Workers workers;
    private final Limits limits;
    private final Consumer<Figure> report;
    private final MedGemma model;
    private final Runner runner;
    private final double loadSeconds;
    private final Work work;

    /**
     * What a token and an image cost.
     *
     * @param peak what the text's products are held against
     * @param peakName its name
     * @param tokenOperations multiplications and additions of all matrices of the text layers, for one token
     * @param tokenBytes of all matrices that one step reads, the output matrix included
     */
    record Work(Probe peak, String peakName, double tokenOperations, double tokenBytes) {
        static Work of(ModelShape shape, WeightFormat format) {
            double layers = 0;
            double bytes = 0;
            for (var tensor : shape.tensors().entrySet()) {
                boolean text = tensor.getKey().startsWith("language_model.");
                var sizes = tensor.getValue();
                if (text && sizes.size() == 2) {
                    boolean head = tensor.getKey().contains("embed_tokens");
                    var stored = head && format == WeightFormat.Q4_0 ? WeightFormat.Q8_0 : format;
                    bytes += stored.bytes(Math.toIntExact(sizes.get(0)), Math.toIntExact(sizes.get(1)));
                    layers += head ? 0 : 2.0 * sizes.get(0) * sizes.get(1);
                }
            }
            return switch (format) {
                case F32 -> new Work(Probe.F32_PEAK, "f32 peak", layers, bytes);
                case BF16 -> new Work(Probe.BF16_PEAK, "bf16 peak", layers, bytes);
                case Q8_0, Q4_0 -> new Work(Probe.INT8_PEAK, "int8 peak", layers, bytes);
            };
        }
    }

    /** @param file the packed model */
    ModelBench(int cores, Path file, Work work, Limits limits, Consumer<Figure> report) throws IOException {
        workers = new Workers(cores);
        this.limits = limits;
        this.report = report;
        this.work = work;
        var kernels = KernelChoice.best(workers).kernels();
        long start = System.nanoTime();
        model = MedGemma.load(List.of(file), kernels, workers, LoadOptions.DEFAULT);
        loadSeconds = seconds(start);
        runner = new Runner(model, MEMORY_LIMIT);
    }

    /** Figures that {@link #run} reports. */
    static final int FIGURES = 8;

    /** @param longContext tokens before the second series of steps */
    void run(int longContext) throws IOException {
        report.accept(Figure.limit("load", workers.cores(), loadSeconds, "s"));
        double peak = limits.peak(work.peak(), workers);
        double bf16 = limits.peak(limits.probe(WeightFormat.BF16), workers);
        prefill(64, peak); // warms up
        report.accept(prefill(512, peak));
        report.accept(prefill(4096, peak));
        report.accept(decode(16));
        report.accept(decode(longContext));
        report.accept(batch(4));
        report.accept(image(bf16));
        report.accept(Figure.limit("peak memory", workers.cores(), peakMemory() / GIGA, "GB"));
    }

    private static TokenSequence words(int count) {
        var random = new SplittableRandom(count);
        return TokenSequence.ofText(random.ints(count, 1000, WORDS).toArray());
    }

    private Figure prefill(int tokens, double peak) {
        try (var cache = model.cache(tokens + 1L, CHUNK)) {
            long start = System.nanoTime();
            runner.prefill(cache, words(tokens), List.of());
            double rate = tokens / seconds(start);
            double share = 100 * rate * work.tokenOperations() / peak;
            return new Figure(
                    "prompt of %d tokens".formatted(tokens),
                    workers.cores(),
                    rate,
                    "tokens/s",
                    share,
                    work.peakName(),
                    0);
        }
    }

    /** Steps after a context, in turn with plain reading. */
    private Figure decode(int context) {
        try (var cache = model.cache(context + STEPS + 1L, CHUNK)) {
            runner.prefill(cache, words(context), List.of());
            var rates = new double[STEPS];
            var shares = new double[STEPS];
            for (int step = 0; step < STEPS; step++) {
                double read = limits.readOnce(workers);
                long start = System.nanoTime();
                runner.step(cache, 1000 + step);
                rates[step] = 1 / seconds(start);
                shares[step] = 100 * rates[step] * work.tokenBytes() / read;
            }
            String name = "answer after %d tokens".formatted(context);
            return new Figure(name, workers.cores(), median(rates), "tokens/s", median(shares), "read", 0);
        }
    }

    /** Several answers at once, each after 16 tokens; tokens of all of them together. */
    private Figure batch(int answers) {
        var caches = new RingCache[answers];
        try {
            for (int i = 0; i < answers; i++) {
                caches[i] = model.cache(16L + STEPS + 1, CHUNK);
                runner.prefill(caches[i], words(16), List.of());
            }
            var rates = new double[STEPS];
            for (int step = 0; step < STEPS; step++) {
                int id = 1000 + step;
                var jobs = Arrays.stream(caches)
                        .map(cache -> new Job.Step(cache, id))
                        .toList();
                long start = System.nanoTime();
                runner.run(jobs);
                rates[step] = answers / seconds(start);
            }
            return Figure.limit("%d answers at once".formatted(answers), workers.cores(), median(rates), "tokens/s");
        } finally {
            for (var cache : caches) {
                if (cache != null) {
                    cache.close();
                }
            }
        }
    }

    private Figure image(double peak) {
        int size = model.config().images().orElseThrow().vision().imageSize();
        var pixels = new float[3 * size * size];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(i * 0.01);
        }
        long start = System.nanoTime();
        runner.encode(pixels);
        double seconds = seconds(start);
        int layers = model.config().images().orElseThrow().vision().layers();
        double share = 100 * LAYER_OPERATIONS * layers / seconds / peak;
        return new Figure(
                "image of %d x %d".formatted(size, size), workers.cores(), seconds, "s", share, "bf16 peak", 0);
    }

    /** One layer of SigLIP so400m on 4096 patches: 1.25e11 in products with weights, 0.77e11 in attention. */
    private static final double LAYER_OPERATIONS = 5.46e12 / 27;

    /** The most memory this process has held, mapped weights included (VmHWM of proc(5)). */
    private static double peakMemory() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        runner.close();
        model.close();
        workers.close();
    }
}
