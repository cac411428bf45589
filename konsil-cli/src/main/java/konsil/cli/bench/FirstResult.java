package konsil.cli.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konsil.cli.Main;
import konsil.kernel.KernelChoice;
import konsil.kernel.NativeMemory;
import konsil.kernel.PackedWeights;
import konsil.kernel.WeightFormat;
import konsil.kernel.Workers;

/** How long a fresh JVM takes until the kernels have computed something: chosen, self-tested, and used once. */
final class FirstResult {
    /** What makes {@code konsil bench} compute one product and say this word. */
    static final String WORD = "first-result";

    private static final int RUNS = 5;

    private FirstResult() {}

    static void compute() {
        try (var workers = Workers.forThisMachine();
                var memory = new NativeMemory()) {
            int size = 256;
            var format = WeightFormat.Q8_0;
            var w = new PackedWeights(format, size, size, memory.allocate(format.bytes(size, size)));
            KernelChoice.best(workers).kernels().matmul(memory.rows(1, size), w, memory.rows(1, size));
        }
    }

    /** Seconds from starting a JVM like this one to its first product; the median of several. */
    static double seconds() throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.add("bench");
        command.add(WORD);
        var seconds = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            seconds[run] = once(command);
        }
        Arrays.sort(seconds);
        return seconds[RUNS / 2];
    }

    private static double once(List<String> command) throws IOException {
        long start = System.nanoTime();
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var answer = process.inputReader(StandardCharsets.UTF_8)) {
            if (!WORD.equals(answer.readLine())) {
                throw new IOException("the JVM started to measure the first result gave none");
            }
            return (System.nanoTime() - start) * 1e-9;
        } finally {
            process.destroy();
        }
    }
}
