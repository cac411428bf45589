package konsil.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import konsil.cli.Output;
import konsil.cli.Progress;
import konsil.kernel.Limits;
import konsil.kernel.WeightFormat;
import konsil.tensor.BadInputException;

/**
 * Makes up what {@link TrainBench} and {@link AdapterBench} train and runs them on each number of cores.
 *
 * @param shape of the model that gets an adapter
 * @param only pocket, adapter or nothing for both
 */
record TrainBenchRun(List<Integer> cores, ModelShape shape, String only) {
    private static final long SEED = 20261125;
    private static final String POCKET = "pocket";
    private static final String ADAPTER = "adapter";

    TrainBenchRun {
        if (!List.of("", POCKET, ADAPTER).contains(only)) {
            throw new BadInputException("--only: want pocket or adapter, got " + only);
        }
    }

    private boolean measures(String part) {
        return only.isEmpty() || only.equals(part);
    }

    List<List<Figure>> run(Limits limits, Output output) throws IOException {
        Path folder = Files.createTempDirectory("konsil-bench");
        Path packed = folder.resolve("model.konsil");
        var speech = AsrShape.named(AsrShape.POCKET);
        var runs = new ArrayList<List<Figure>>();
        try {
            if (measures(POCKET)) {
                PocketModels.write(ModelShape.pocketText(), SEED, folder.resolve("text"));
                PocketModels.write(speech.model(), SEED, folder.resolve("speech"));
            }
            if (measures(ADAPTER)) {
                BenchCommand.write(shape, WeightFormat.Q8_0, packed, output);
            }
            try (var progress = output.start("bench train", figures(), Progress.Unit.STEPS)) {
                for (int count : cores) {
                    runs.add(run(count, folder, limits, progress));
                }
            }
        } finally {
            delete(folder);
        }
        return runs;
    }

    private long figures() {
        return (long) cores.size() * ((measures(POCKET) ? 2 : 0) + (measures(ADAPTER) ? 2 : 0));
    }

    private List<Figure> run(int count, Path folder, Limits limits, Progress progress) throws IOException {
        var figures = new ArrayList<Figure>();
        if (measures(POCKET)) {
            try (var bench = new TrainBench(count, limits, figure -> add(figure, figures, progress))) {
                bench.text(folder.resolve("text"), ModelShape.pocketText());
                bench.speech(folder.resolve("speech"), AsrShape.named(AsrShape.POCKET));
            }
        }
        if (measures(ADAPTER)) {
            try (var bench = new AdapterBench(
                    count, folder.resolve("model.konsil"), limits, figure -> add(figure, figures, progress))) {
                bench.run(ModelWork.of(shape, WeightFormat.Q8_0));
            }
        }
        return figures;
    }

    private static void add(Figure figure, List<Figure> figures, Progress progress) {
        figures.add(figure);
        progress.add(1);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
