package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import konsil.kernel.Kernels;
import konsil.kernel.Limits;
import konsil.kernel.NativeMemory;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.kernel.code.Probe;
import konsil.medasr.MedAsr;
import konsil.medgemma.Batch;
import konsil.medgemma.MedGemma;
import konsil.tensor.KvCache;
import konsil.tensor.Mask;
import konsil.tensor.TapeOps;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import konsil.train.CrossEntropy;
import konsil.train.CtcLoss;
import konsil.train.Gradients;
import konsil.train.TrainingEngine;

/**
 * Measures training: the loss of one example and all gradients of it, without the optimiser's step. Small models are
 * trained whole, in f32; operations are counted as twice those of the way forth for the way back.
 */
final class TrainBench implements AutoCloseable {
    /** Most of it passes until the JIT compiler has seen everything. */
    private static final double SECONDS = 9;

    private static final int LEAST = 5;
    private static final int WORDS = 300;
    private static final int FRAMES = 400;
    private static final int FEATURES = 4 * FRAMES + 9;
    private static final int SAID = 60;
    private static final KvCache.None STRAIGHT = new KvCache.None(WeightFormat.F32);

    private final Workers workers;
    private final Kernels kernels;
    private final Limits limits;
    private final Consumer<Figure> report;
    private final NativeMemory memory = new NativeMemory();

    TrainBench(int cores, Limits limits, Consumer<Figure> report) {
        this.workers = new Workers(cores);
        this.kernels = ModelBench.kernels(workers);
        this.limits = limits;
        this.report = report;
    }

    /** One example, forth and back. */
    private interface Step {
        double loss();
    }

    /** A decoder of 192 columns and 4 layers, 300 tokens, a vocabulary of 2000. */
    void text(Path folder, ModelShape shape) throws IOException {
        try (var model = MedGemma.load(List.of(folder), kernels, workers, konsil.medgemma.LoadOptions.forTraining());
                var space = new Workspace(ModelRun.MEMORY_LIMIT);
                var engine = new TrainingEngine(kernels, workers, space)) {
            var learned = model.parameters().learned().values();
            var sums = sums(learned);
            int[] ids = new SplittableRandom(1).ints(WORDS, 0, 2000).toArray();
            var entropy = new CrossEntropy(engine);
            double seconds = best(() -> {
                space.reset();
                var tape = new TapeOps(engine.ops(), learned);
                Tensor hidden = model.text()
                        .forward(tape, model.text().embed(tape, ids), Batch.of(Mask.causal(), STRAIGHT, ids.length));
                var gradients = new Gradients(engine, sums);
                double loss = entropy.throughHead(
                        model.text()::logits, hidden, CrossEntropy.Labels.mean(ids), learned, gradients);
                gradients.walk(tape);
                return loss;
            });
            double products = 0;
            for (var sizes : shape.tensors().values()) {
                products += sizes.size() == 2 ? 2.0 * sizes.get(0) * sizes.get(1) : 0;
            }
            report("pocket text, %d tokens".formatted(WORDS), WORDS, seconds, "tokens/s", 3 * products * WORDS);
        }
    }

    /** A Conformer of 144 columns and 6 layers, 400 frames of 40 ms. */
    void speech(Path folder, AsrShape shape) throws IOException {
        try (var model = MedAsr.load(List.of(folder), kernels, workers, konsil.medasr.LoadOptions.forTraining());
                var space = new Workspace(ModelRun.MEMORY_LIMIT);
                var engine = new TrainingEngine(kernels, workers, space)) {
            var learned = model.parameters().learned().values();
            var sums = sums(learned);
            Tensor features = features();
            int[] said = new SplittableRandom(2).ints(SAID, 1, 512).toArray();
            double seconds = best(() -> {
                space.reset();
                var tape = new TapeOps(engine.ops(), learned);
                var network = model.network();
                Tensor logits = network.logits(tape, network.encode(tape, features, STRAIGHT));
                Tensor above = space.tensor(logits.shape());
                double loss = new CtcLoss(model.config().blank()).loss(logits, said, 1, above);
                var gradients = new Gradients(engine, sums).seed(logits, above);
                gradients.walk(tape);
                return loss;
            });
            double operations = 3 * shape.frameOperations() * FRAMES;
            report("pocket speech, %d frames".formatted(FRAMES), FRAMES, seconds, "frames/s", operations);
        }
    }

    private Tensor features() {
        var random = new SplittableRandom(3);
        float[] values = new float[FEATURES * 128];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(memory, values, FEATURES, 128);
    }

    private Map<Tensor, Tensor> sums(Iterable<Tensor> learned) {
        var sums = new HashMap<Tensor, Tensor>();
        for (var tensor : learned) {
            sums.put(tensor, Tensor.zeros(memory, tensor.shape()));
        }
        return sums;
    }

    private static double best(Step step) {
        double best = Double.POSITIVE_INFINITY;
        double sum = 0;
        for (int i = 0; i < LEAST || sum < SECONDS; i++) {
            long start = System.nanoTime();
            double loss = step.loss();
            double seconds = ModelRun.seconds(start);
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("the loss of made-up weights is " + loss);
            }
            best = Math.min(best, seconds);
            sum += seconds;
        }
        return best;
    }

    private void report(String name, int rows, double seconds, String unit, double operations) {
        double peak = limits.peak(Probe.F32_PEAK, workers);
        report.accept(Figure.of(name, workers.cores(), rows / seconds, unit)
                .share(100 * operations / seconds / peak, "f32 peak")
                .scaling());
    }

    @Override
    public void close() {
        memory.close();
        workers.close();
    }
}
