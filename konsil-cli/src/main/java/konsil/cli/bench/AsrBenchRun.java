package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konsil.cli.Output;
import konsil.cli.Progress;
import konsil.kernel.Limits;
import konsil.kernel.WeightFormat;
import konsil.tensor.BadInputException;
import konsil.tensor.file.ImportSettings;
import konsil.tensor.file.Importer;

/** Makes what {@link AsrBench} measures, and takes it away again. */
record AsrBenchRun(AsrShape shape, WeightFormat format, List<Integer> cores) {
    private static final long SEED = 20261125;

    AsrBenchRun {
        if (format == WeightFormat.Q4_0) {
            throw new BadInputException("--quant: want f32, bf16 or q8_0 for asr, got q4_0");
        }
    }

    List<List<Figure>> run(Limits limits, Output output) throws IOException {
        Path folder = Files.createTempDirectory("konsil-bench");
        var plan = AsrBench.Plan.of(folder, shape, format);
        var runs = new ArrayList<List<Figure>>();
        try {
            write(plan, output);
            long figures = (long) AsrBench.FIGURES * cores.size();
            try (var progress = output.start("bench asr", figures, Progress.Unit.STEPS)) {
                for (int count : cores) {
                    var measured = new ArrayList<Figure>();
                    new AsrBench(count, plan, limits, figure -> {
                                measured.add(figure);
                                progress.add(1);
                            })
                            .run();
                    runs.add(measured);
                }
            }
        } finally {
            for (Path file : List.of(plan.file(), plan.languageModel(), folder)) {
                Files.deleteIfExists(file);
            }
        }
        return runs;
    }

    /** Features stay in f32, the head in bf16 at least, as the loader has them. */
    private void write(AsrBench.Plan plan, Output output) throws IOException {
        var head = format == WeightFormat.Q8_0 ? WeightFormat.BF16 : format;
        var rules = List.of(
                ImportSettings.Rule.of("encoder.subsampler.dense_0*", WeightFormat.F32),
                ImportSettings.Rule.of("ctc_head*", head));
        try (var source = new RandomCheckpoint(shape.model(), SEED);
                var progress = new PackingProgress(output)) {
            new Importer(source, new ImportSettings(format, rules), progress).run(plan.file());
        }
    }
}
