package konsil.eval.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import konsil.eval.golden.Comparison.Outcome;
import konsil.kernel.NativeMemory;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.TokenSequence;
import konsil.tensor.TapeOps.Keeping;
import konsil.tensor.Tensor;
import konsil.tensor.Workspace;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.text.Tokenizer;
import konsil.text.TokenizerFiles;
import konsil.train.CrossEntropy;
import konsil.train.TrainingEngine;
import konsil.train.gemma.Example;
import konsil.train.gemma.ExampleImage;
import konsil.train.gemma.GemmaLearner;
import konsil.train.gemma.Network;
import konsil.train.gemma.SoftTokenStore;
import konsil.train.lora.AdapterFile;
import konsil.train.lora.Lora;
import konsil.train.optim.AdamW;
import konsil.train.optim.Clipping;

/** Repeats a golden fine-tuning run step by step. */
public final class LoraVerifier {
    /** Of a loss and of a gradient norm. */
    private static final double NUMBERS = 1e-3;

    /** Of gradients and of the adapter, relative to the largest value of each tensor. */
    private static final double TENSORS = 2e-3;

    private static final long IMAGE_BYTES = 256L << 20;

    private final LoraGolden golden;
    private final VerifySettings settings;
    private final VerifyListener listener;

    public LoraVerifier(LoraGolden golden, VerifySettings settings, VerifyListener listener) {
        this.golden = golden;
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Runs everything: in exact mode against fixed tolerances, otherwise only to show the differences.
     *
     * @throws BadFileException when the model or the golden directory cannot be read, or they do not belong together
     * @throws IOException when the disk fails
     */
    public GoldenReport run(GemmaVerifier.Engine engine) throws IOException {
        var options = LoadOptions.of(settings.format());
        try (var files = Checkpoint.open(settings.paths());
                var cases = GemmaGolden.open(golden.cases(settings.model()));
                var base = MedGemma.load(settings.paths(), engine.kernels(), engine.workers(), options);
                var space = new Workspace(settings.memoryLimit())) {
            // the reference ran in f32, which leaves the factor of words unrounded
            float root = (float) Math.sqrt(base.config().text().hiddenSize());
            var model = base.withEmbeddingFactor(root);
            var training = new TrainingEngine(engine.kernels(), engine.workers(), space);
            var run = new Run(training, model, examples(model, cases));
            var facts = new LinkedHashMap<String, String>();
            facts.put("golden", "%s (%s)".formatted(golden.folder(), golden.name()));
            facts.put("weights", settings.format().name().toLowerCase(Locale.ROOT));
            var reports = run.reports(TokenizerFiles.of(files));
            facts.put("matrices", Integer.toString(run.matrices));
            return new GoldenReport(facts, reports, List.of(), List.of());
        }
    }

    private List<Example> examples(MedGemma model, GemmaGolden cases) {
        var byName = new HashMap<String, GoldenCase>();
        cases.cases().forEach(c -> byName.put(c.name(), c));
        var examples = new ArrayList<Example>();
        for (var step : golden.steps()) {
            var c = Optional.ofNullable(byName.get(step.name()))
                    .orElseThrow(() -> new BadFileException(
                            golden.folder(), step.name(), "the base model's directory has no such case"));
            examples.add(example(model, cases, c, step.answerIds()));
        }
        return examples;
    }

    private static Example example(MedGemma model, GemmaGolden cases, GoldenCase c, int[] answer) {
        int[] prompt = c.ids();
        int[] ids = IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray();
        int[] labels = IntStream.range(0, ids.length)
                .map(row -> row + 1 >= prompt.length && row + 1 < ids.length ? ids[row + 1] : CrossEntropy.IGNORED)
                .toArray();
        var images = c.images().stream()
                .map(name -> new ExampleImage(name, () -> cases.pixels(name)
                        .orElseThrow(() -> new BadFileException(cases.folder(), name, "its pixels are not there"))))
                .toList();
        return new Example(TokenSequence.of(model.config(), ids), images, labels);
    }

    /** A run under way. */
    private final class Run {
        private final TrainingEngine engine;
        private final MedGemma model;
        private final List<Example> examples;
        private final GemmaLearner learner;
        private int matrices;

        Run(TrainingEngine engine, MedGemma model, List<Example> examples) {
            this.engine = engine;
            this.model = model;
            this.examples = examples;
            this.learner = new GemmaLearner(engine, new SoftTokenStore(IMAGE_BYTES));
        }

        List<CaseReport> reports(Tokenizer tokenizer) throws IOException {
            listener.begin("steps", examples.size());
            var reports = new ArrayList<CaseReport>();
            try (var lora = AdapterFile.read(golden.start(), model);
                    var memory = new NativeMemory()) {
                matrices = lora.matrices();
                var sums = new IdentityHashMap<Tensor, Tensor>();
                lora.learnables()
                        .forEach(l -> sums.put(
                                l.values(), Tensor.zeros(memory, l.values().shape())));
                var optimiser = new AdamW(lora.learnables(), golden.settings(), engine.workers());
                for (int step = 0; step < examples.size(); step++) {
                    reports.add(step(lora, sums, optimiser, step, tokenizer));
                    listener.advance();
                }
                var end = new LinkedHashMap<String, float[]>();
                lora.learnables().forEach(l -> end.put(l.name(), l.values().toArray()));
                reports.add(new CaseReport("last adapter", List.of(tensors("adapter", end, golden.end()))));
            }
            return reports;
        }

        private CaseReport step(Lora lora, Map<Tensor, Tensor> sums, AdamW optimiser, int index, Tokenizer tokenizer)
                throws IOException {
            var step = golden.steps().get(index);
            sums.values().forEach(sum -> sum.copyFrom(new float[Math.toIntExact(sum.size())]));
            var images = model.images().map(lora::on);
            var network = new Network(lora.on(model.text()), images, lora.changesImages());
            var learning =
                    new GemmaLearner.Learning(network, Set.copyOf(sums.keySet()), lora.ofImages(), Keeping.LINK_INPUTS);
            var example = examples.get(index);
            var learnt = learner.learn(learning, example, example.learnt(), sums);
            var gradients = new IdentityHashMap<Tensor, Tensor>();
            learnt.used().forEach(tensor -> gradients.put(tensor, sums.get(tensor)));
            double norm = Clipping.norm(gradients.values(), engine.workers());
            var comparisons = new ArrayList<Comparison>();
            comparisons.add(ids(step, tokenizer));
            comparisons.add(number("loss", learnt.loss(), step.loss()));
            comparisons.add(number("grad_norm", norm, step.gradientNorm()));
            if (index == 0) {
                var first = new LinkedHashMap<String, float[]>();
                lora.learnables().stream()
                        .filter(l -> gradients.containsKey(l.values()))
                        .forEach(l ->
                                first.put(l.name(), gradients.get(l.values()).toArray()));
                comparisons.add(tensors("gradients", first, golden.gradients()));
            }
            optimiser.step(gradients, step.learningRate(), Clipping.factor(norm, golden.bound()));
            return new CaseReport("step %d, %s".formatted(index, step.name()), comparisons);
        }
    }

    private static Comparison ids(LoraGolden.Step step, Tokenizer tokenizer) {
        if (step.answer().isEmpty()) {
            return Comparison.skipped("answer_ids", "no text");
        }
        int[] ids = tokenizer.encode(step.answer() + "<end_of_turn>\n");
        boolean same = Arrays.equals(ids, step.answerIds());
        return Comparison.same("answer_ids", same, same ? 0 : 1, "the answer has other ids");
    }

    private Comparison number(String stage, double actual, double expected) {
        double difference = Distance.relative(Math.abs(actual - expected), Math.abs(expected));
        return judged(stage, difference, NUMBERS, "%.6f, want %.6f".formatted(actual, expected));
    }

    /** Every tensor by itself; the worst one counts. */
    private Comparison tensors(String stage, Map<String, float[]> actual, Map<String, float[]> expected) {
        if (expected.isEmpty()) {
            return Judge.absent(stage);
        }
        if (!actual.keySet().equals(expected.keySet())) {
            return Comparison.same(stage, false, Double.POSITIVE_INFINITY, "tensors of other names");
        }
        double worst = 0;
        String name = "";
        for (var entry : expected.entrySet()) {
            double difference = Distance.relative(actual.get(entry.getKey()), entry.getValue());
            if (difference > worst) {
                worst = difference;
                name = entry.getKey();
            }
        }
        return judged(stage, worst, TENSORS, "most in " + name);
    }

    private Comparison judged(String stage, double difference, double tolerance, String note) {
        boolean near = difference <= tolerance;
        var outcome = settings.exact() ? near ? Outcome.PASSED : Outcome.OFF : Outcome.SHOWN;
        return new Comparison(stage, outcome, OptionalDouble.of(difference), OptionalDouble.empty(), near ? "" : note);
    }
}
