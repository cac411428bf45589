package konsil.cli.bench;

import java.io.IOException;
import java.util.List;
import konsil.kernel.WeightFormat;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.MedGemma;
import konsil.medgemma.Runner;
import konsil.medgemma.WorkingFormat;

/** How long an image takes to become soft tokens. */
final class ImageFigures {
    private final ModelRun run;

    ImageFigures(ModelRun run) {
        this.run = run;
    }

    /** With the vision tower as the file has it, in bf16. */
    Figure stored() {
        return figure(run.model(), run.runner(), WeightFormat.BF16);
    }

    /** With its linear layers in 8 bits; attention stays in bf16. */
    Figure int8() throws IOException {
        var engine = LoadOptions.DEFAULT.withImages(WorkingFormat.Q8_0);
        try (var model = MedGemma.load(List.of(run.file()), ModelBench.kernels(run.workers()), run.workers(), engine);
                var runner = new Runner(model, ModelRun.MEMORY_LIMIT)) {
            return figure(model, runner, WeightFormat.Q8_0);
        }
    }

    private Figure figure(MedGemma model, Runner runner, WeightFormat products) {
        var vision = model.config().images().orElseThrow().vision();
        var pixels = new float[3 * vision.imageSize() * vision.imageSize()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(i * 0.01);
        }
        long start = System.nanoTime();
        runner.encode(pixels);
        double seconds = ModelRun.seconds(start);
        double best = ModelWork.imageProducts(vision) / run.peak(products)
                + ModelWork.imageAttention(vision) / run.peak(WeightFormat.BF16);
        boolean int8 = products.quantised();
        String name = "image of %d x %d%s".formatted(vision.imageSize(), vision.imageSize(), int8 ? ", int8" : "");
        String attention = run.peakName(WeightFormat.BF16);
        String of = int8 ? run.peakName(products) + ", attention of " + attention : attention;
        return run.figure(name, seconds, "s")
                .share(100 * best / seconds, of)
                .aim(run.aims().image(int8))
                .scaling();
    }
}
