package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import konsil.kernel.Limits;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.kernel.code.Probe;
import konsil.medgemma.Batch;
import konsil.medgemma.GemmaText;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.tensor.KvCache;
import konsil.tensor.Mask;
import konsil.tensor.Projection;
import konsil.tensor.TapeOps;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import konsil.train.CrossEntropy;
import konsil.train.Gradients;
import konsil.train.TrainingEngine;

/**
 * Measures a training step of an adapter on all matrices of a frozen text model: 512 tokens, of which 256 are those of
 * an image and the last 128 are the answer. The image's soft tokens are there already, since a frozen tower's do not
 * change. Blocks are computed again on the way back; that is work which the share of the peak does not count.
 */
final class AdapterBench implements AutoCloseable {
    private static final int TOKENS = 512;
    private static final int SOFT_FROM = 16;
    private static final int SOFT = 256;
    private static final int ANSWER = 128;
    private static final int RANK = 16;
    private static final double MOST_GIGABYTES = 12;
    private static final KvCache.None STRAIGHT = new KvCache.None(WeightFormat.F32);

    private final Workers workers;
    private final NativeMemory memory = new NativeMemory();
    private final MedGemma model;
    private final Limits limits;
    private final Consumer<Figure> report;
    private final List<Tensor> trainable = new ArrayList<>();

    AdapterBench(int cores, Path file, Limits limits, Consumer<Figure> report) throws IOException {
        this.workers = new Workers(cores);
        this.model = MedGemma.load(List.of(file), ModelBench.kernels(workers), workers, LoadOptions.DEFAULT);
        this.limits = limits;
        this.report = report;
    }

    void run(ModelWork work) throws IOException {
        var text = model.text().adapted((_, base) -> adapted(base));
        MemoryFigure.forgetPeak();
        try (var space = new Workspace(ModelRun.MEMORY_LIMIT);
                var engine = new TrainingEngine(ModelBench.kernels(workers), workers, space)) {
            step(engine, text, 32); // what is compiled then need not be compiled in the step that counts
            space.reset();
            long start = System.nanoTime();
            step(engine, text, TOKENS);
            double seconds = ModelRun.seconds(start);
            report.accept(
                    Figure.of("adapter, %d tokens".formatted(TOKENS), workers.cores(), TOKENS / seconds, "tokens/s")
                            .share(100 * best(work) / seconds, "int8 peak forth, f32 peak back")
                            .scaling());
        }
        double held = (MemoryFigure.highWater() - limits.heldBytes()) / MemoryFigure.GIGA;
        report.accept(Figure.of("peak memory", workers.cores(), held, "GB").aim(Figure.atMost(MOST_GIGABYTES)));
    }

    /** Seconds of the products with frozen matrices, at the peaks of this machine. */
    private double best(ModelWork work) {
        var c = model.config().text();
        double operations = work.tokenOperations() * TOKENS + 2.0 * c.vocabSize() * c.hiddenSize() * ANSWER;
        return operations / limits.peak(Probe.INT8_PEAK, workers) + operations / limits.peak(Probe.F32_PEAK, workers);
    }

    private Projection adapted(Projection base) {
        Tensor a = random(RANK, base.in());
        Tensor b = random(base.out(), RANK);
        trainable.add(a);
        trainable.add(b);
        return new Projection.LowRank(base, a, b, 2);
    }

    private Tensor random(int rows, int cols) {
        var random = new SplittableRandom(rows);
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.02f * (float) random.nextGaussian();
        }
        return Tensor.of(memory, values, rows, cols);
    }

    private void step(TrainingEngine engine, GemmaText text, int tokens) {
        int[] ids = ModelRun.ids(tokens);
        int[] labels = ids.clone();
        Arrays.fill(labels, 0, Math.max(0, tokens - ANSWER), CrossEntropy.IGNORED);
        int[] imageOf = new int[tokens];
        Arrays.fill(imageOf, -1);
        int softEnd = Math.min(tokens, SOFT_FROM + SOFT);
        Arrays.fill(imageOf, SOFT_FROM, softEnd, 0);
        int[] softRows = new int[softEnd - SOFT_FROM];
        Arrays.setAll(softRows, i -> SOFT_FROM + i);
        var tape = new TapeOps(engine.ops(), trainable, Keeping.LINK_INPUTS);
        Tensor words = text.embed(tape, ids);
        Tensor soft = random(softRows.length, words.dim(1));
        Tensor x = tape.scatterRows(words, softRows, soft);
        Tensor hidden = text.forward(tape, x, Batch.of(Mask.causal(imageOf), STRAIGHT, tokens));
        var gradients = new Gradients(engine);
        double loss = new CrossEntropy(engine)
                .throughHead(text::logits, hidden, CrossEntropy.Labels.mean(labels), trainable, gradients);
        gradients.walk(tape);
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("the loss of made-up weights is " + loss);
        }
    }

    @Override
    public void close() {
        model.close();
        memory.close();
        workers.close();
    }
}
