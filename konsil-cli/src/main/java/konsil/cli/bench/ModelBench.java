package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import konsil.kernel.KernelChoice;
import konsil.kernel.Kernels;
import konsil.kernel.Limits;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.Runner;
import konsil.tensor.file.Placement;

/**
 * Measures a whole model of a published shape with made-up weights: reading prompts, answering, looking at an image.
 * Each figure stands beside the limit that was measured in the same run: arithmetic for prompts and images, the read
 * rate for answers.
 */
final class ModelBench implements AutoCloseable {
    private final Workers workers;
    private final MedGemma model;
    private final Runner runner;
    private final double loadSeconds;
    private final ModelRun run;

    /**
     * What is measured.
     *
     * @param context tokens of a long context
     * @param cache format of keys and values
     */
    record Plan(Path file, ModelWork work, Set<ModelPart> parts, int context, WeightFormat cache, boolean published) {
        /** Figures that one run reports. */
        int figures() {
            return 1
                    + parts.stream()
                            .mapToInt(part -> switch (part) {
                                case PREFILL -> PromptFigures.prefillFigures();
                                case DECODE, IMAGE -> 2;
                                case BATCH, FOLLOW_UP, MEMORY -> 1;
                                case CURVE -> PromptFigures.curveFigures(context);
                            })
                            .sum();
        }
    }

    ModelBench(int cores, Plan plan, Limits limits, Consumer<Figure> report) throws IOException {
        workers = new Workers(cores);
        long start = System.nanoTime();
        var options = LoadOptions.DEFAULT.withCache(plan.cache()).withPlacement(Placement.COPIED);
        model = MedGemma.load(List.of(plan.file()), kernels(workers), workers, options);
        loadSeconds = ModelRun.seconds(start);
        runner = new Runner(model, ModelRun.MEMORY_LIMIT);
        var aims = new Aims(plan.published(), plan.work().format(), cores);
        run = new ModelRun(plan.file(), model, runner, workers, limits, plan.work(), aims, report);
    }

    static Kernels kernels(Workers workers) {
        return KernelChoice.best(workers).kernels();
    }

    void run(Plan plan) throws IOException {
        run.report().accept(run.figure("load", loadSeconds, "s"));
        for (var part : plan.parts()) {
            measure(part, plan.context());
        }
    }

    private void measure(ModelPart part, int context) throws IOException {
        switch (part) {
            case PREFILL -> new PromptFigures(run).prefill();
            case DECODE -> {
                run.report().accept(new AnswerFigures(run).decode(AnswerFigures.SHORT));
                run.report().accept(new AnswerFigures(run).decode(context));
            }
            case BATCH -> run.report().accept(new AnswerFigures(run).batch());
            case IMAGE -> {
                run.report().accept(new ImageFigures(run).stored());
                run.report().accept(new ImageFigures(run).int8());
            }
            case FOLLOW_UP -> run.report().accept(new FollowUpFigure(run).measure(context));
            case MEMORY -> run.report().accept(new MemoryFigure(run).measure(context));
            case CURVE -> new PromptFigures(run).curve(context);
        }
    }

    @Override
    public void close() {
        runner.close();
        model.close();
        workers.close();
    }
}
