package konsil.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import konsil.kernel.AttentionShape;
import konsil.kernel.KernelChoice;
import konsil.kernel.Kernels;
import konsil.kernel.KeyRanges;
import konsil.kernel.KvTiles;
import konsil.kernel.Limits;
import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.Rows;
import konsil.kernel.WeightFormat;
import konsil.kernel.WeightPacker;
import konsil.kernel.Workers;
import konsil.kernel.code.Probe;

/**
 * Measures the kernels against what the processor can do at best. Every figure is the median of several runs after a
 * warm-up; limits and figures are taken in the same run, the read rate in turn with what is compared with it.
 */
final class KernelBench implements AutoCloseable {
    private static final int RUNS = 9;
    private static final int READ_RUNS = 15;
    private static final int WARM_UPS = 3;
    private static final long STREAMED = 512L << 20;
    private static final double GIGA = 1e9;

    /** Rows, in, out: SigLIP's first feed-forward layer on an image, and Gemma's on a chunk of 512 tokens. */
    private static final int[][] SHAPES = {{4096, 1152, 4304}, {512, 2560, 10240}, {512, 10240, 2560}};

    private final Workers workers;
    private final Kernels kernels;
    private final Limits limits;
    private final Consumer<Figure> report;
    private final NativeMemory memory = new NativeMemory();

    /** @param report gets each figure when it is there */
    KernelBench(int cores, Limits limits, Consumer<Figure> report) {
        workers = new Workers(cores);
        kernels = KernelChoice.best(workers).kernels();
        this.limits = limits;
        this.report = report;
    }

    /** Figures that {@link #run} reports. */
    static int figures(Limits limits) {
        int peaks = widened(limits) ? 2 : 3;
        return peaks + 1 + SHAPES.length * WeightFormat.values().length + 6 + 1;
    }

    List<Figure> run() {
        var figures = new ArrayList<Figure>();
        Consumer<Figure> keep = figure -> {
            figures.add(figure);
            report.accept(figure);
        };
        var f32 = peak(Probe.F32_PEAK, "f32 peak", keep);
        var bf16 = widened(limits) ? f32 : peak(Probe.BF16_PEAK, "bf16 peak", keep);
        var int8 = peak(Probe.INT8_PEAK, "int8 peak", keep);
        var reads = new double[READ_RUNS];
        Arrays.setAll(reads, _ -> limits.readOnce(workers));
        keep.accept(Figure.of("read from memory", workers.cores(), median(reads) / GIGA, "GB/s"));
        for (var shape : SHAPES) {
            keep.accept(matmul(WeightFormat.F32, shape, f32, 85));
            keep.accept(matmul(WeightFormat.BF16, shape, bf16, widened(limits) ? 85 : 80));
            keep.accept(matmul(WeightFormat.Q8_0, shape, int8, 65));
            keep.accept(matmul(WeightFormat.Q4_0, shape, int8, 65));
        }
        for (var format : List.of(WeightFormat.Q8_0, WeightFormat.Q4_0, WeightFormat.BF16)) {
            keep.accept(vector(format, 2560, 10240));
            keep.accept(vector(format, 10240, 2560));
        }
        keep.accept(attention(bf16));
        return figures;
    }

    /** Whether bf16 is multiplied as f32 here. */
    private static boolean widened(Limits limits) {
        return limits.probe(WeightFormat.BF16) == Probe.F32_PEAK;
    }

    /** What all cores together reach at best, in operations a second. */
    private record Peak(String name, double rate) {}

    private Peak peak(Probe probe, String name, Consumer<Figure> keep) {
        double peak = limits.peak(probe, workers);
        keep.accept(Figure.of(name, workers.cores(), peak / GIGA, "GFLOP/s"));
        return new Peak(name, peak);
    }

    private Figure matmul(WeightFormat format, int[] shape, Peak peak, double target) {
        try (var local = new NativeMemory()) {
            var x = filled(local.rows(shape[0], shape[1]));
            var y = local.rows(shape[0], shape[2]);
            var w = weights(local, format, shape[2], shape[1]);
            double rate = 2.0 * shape[0] * shape[1] * shape[2] / median(RUNS, () -> kernels.matmul(x, w, y));
            String name = "%s %dx%dx%d".formatted(word(format), shape[0], shape[1], shape[2]);
            return figure(name, rate, peak, target);
        }
    }

    private Figure figure(String name, double rate, Peak peak, double target) {
        return Figure.of(name, workers.cores(), rate / GIGA, "GFLOP/s")
                .share(100 * rate / peak.rate(), peak.name())
                .aim(Figure.shareAtLeast(target));
    }

    /** One row times matrices that together are far larger than any cache, in turn with plain reading. */
    private Figure vector(WeightFormat format, int in, int out) {
        try (var local = new NativeMemory()) {
            int matrices = Math.toIntExact(STREAMED / format.bytes(out, in));
            var all = new PackedWeights[matrices];
            Arrays.setAll(all, _ -> weights(local, format, out, in));
            var x = filled(local.rows(1, in));
            var y = local.rows(1, out);
            var rates = new double[READ_RUNS];
            var shares = new double[READ_RUNS];
            for (int run = -WARM_UPS; run < READ_RUNS; run++) {
                double read = limits.readOnce(workers);
                double seconds = seconds(() -> {
                    for (var w : all) {
                        kernels.matmul(x, w, y);
                    }
                });
                if (run >= 0) {
                    rates[run] = matrices * format.bytes(out, in) / seconds;
                    shares[run] = 100 * rates[run] / read;
                }
            }
            String name = "%s 1x%dx%d from memory".formatted(word(format), in, out);
            return Figure.of(name, workers.cores(), median(rates) / GIGA, "GB/s")
                    .share(median(shares), "read")
                    .aim(Figure.shareAtLeast(85));
        }
    }

    /** SigLIP on an image of 896 x 896: 4096 patches that all see each other. */
    private Figure attention(Peak peak) {
        int tokens = 4096;
        int heads = 16;
        int headDim = 72;
        try (var local = new NativeMemory()) {
            int tiles = tokens / KvTiles.TILE;
            var data = local.allocate(KvTiles.bytes(WeightFormat.BF16, heads, headDim, tiles));
            var kv = new KvTiles(WeightFormat.BF16, heads, headDim, tiles, data);
            var q = filled(local.rows(tokens, heads * headDim));
            kernels.store(q, q, kv, 0);
            var y = local.rows(tokens, heads * headDim);
            var shape = new AttentionShape(heads, heads, headDim, (float) (1 / Math.sqrt(headDim)), 0);
            var visible = KeyRanges.full(tokens, tokens);
            double seconds = median(RUNS, () -> kernels.attention(q, kv, visible, shape, y));
            double rate = 4.0 * tokens * tokens * heads * headDim / seconds;
            String name = "attention bf16 4096 x 16 x 72";
            return figure(name, rate, peak, 60);
        }
    }

    private PackedWeights weights(NativeMemory local, WeightFormat format, int out, int in) {
        var packed = new PackedWeights(format, out, in, local.allocate(format.bytes(out, in)));
        int rows = 256;
        try (var part = new NativeMemory()) {
            var source = filled(part.rows(rows, in));
            var packer = new WeightPacker(workers);
            for (int row = 0; row < out; row += rows) {
                packer.pack(source.slice(0, Math.min(rows, out - row)), packed, row);
            }
        }
        return packed;
    }

    /** Values between -1 and 1, none of them special. */
    private static Rows filled(Rows rows) {
        for (int row = 0; row < rows.rows(); row++) {
            for (int col = 0; col < rows.cols(); col++) {
                rows.set(row, col, (float) Math.sin(row * 0.7 + col * 1.3));
            }
        }
        return rows;
    }

    private static String word(WeightFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    private static double median(int runs, Runnable work) {
        for (int i = 0; i < WARM_UPS; i++) {
            work.run();
        }
        var seconds = new double[runs];
        Arrays.setAll(seconds, _ -> seconds(work));
        return median(seconds);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Override
    public void close() {
        workers.close();
        memory.close();
    }
}
