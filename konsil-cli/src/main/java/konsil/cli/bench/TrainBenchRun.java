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
import konsil.tensor.BadInputException;

/**
 * Makes up what {@link TrainBench} trains and runs it on each number of cores.
 *
 * @param only pocket, adapter or nothing for both
 */
record TrainBenchRun(List<Integer> cores, String only) {
    private static final long SEED = 20261125;
    private static final String POCKET = "pocket";

    TrainBenchRun {
        if (!List.of("", POCKET).contains(only)) {
            throw new BadInputException("--only: want pocket, got " + only);
        }
    }

    List<List<Figure>> run(Limits limits, Output output) throws IOException {
        Path folder = Files.createTempDirectory("konsil-bench");
        var runs = new ArrayList<List<Figure>>();
        try (var progress = output.start("bench train", 2L * cores.size(), Progress.Unit.STEPS)) {
            var text = ModelShape.pocketText();
            var speech = AsrShape.named(AsrShape.POCKET);
            PocketModels.write(text, SEED, folder.resolve("text"));
            PocketModels.write(speech.model(), SEED, folder.resolve("speech"));
            for (int count : cores) {
                var figures = new ArrayList<Figure>();
                try (var bench = new TrainBench(count, limits, figure -> {
                    figures.add(figure);
                    progress.add(1);
                })) {
                    bench.text(folder.resolve("text"), text);
                    bench.speech(folder.resolve("speech"), speech);
                }
                runs.add(figures);
            }
        } finally {
            delete(folder);
        }
        return runs;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
