package konsil.train.reward;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import konsil.tensor.BadInputException;
import konsil.tensor.file.Json;

/**
 * A program judges: it gets one JSON object a line on standard input, the fields of the line of data and "completion",
 * and answers with one number a line. It is started once for each step.
 */
public final class CommandReward implements Reward {
    private static final long SECONDS = 600;
    private static final long MOST_OUTPUT = 16L << 20;

    private final List<String> command;

    /** @param command the program and its arguments; no shell looks at them */
    public CommandReward(List<String> command) {
        this.command = List.copyOf(command);
    }

    @Override
    public String name() {
        return "command";
    }

    @Override
    public double[] of(List<Judged> completions) throws IOException {
        var lines = new StringBuilder();
        for (var judged : completions) {
            Map<String, Json> fields = new LinkedHashMap<>(judged.more());
            fields.put("completion", new Json.Text(judged.completion()));
            lines.append(new Json.Obj(new LinkedHashMap<>(fields)).write()).append('\n');
        }
        // files instead of pipes: neither side waits for the other to read
        Path in = Files.createTempFile("konsil-reward", ".jsonl");
        Path out = Files.createTempFile("konsil-reward", ".txt");
        try {
            Files.writeString(in, lines);
            run(in, out);
            return numbers(out, completions.size());
        } finally {
            Files.deleteIfExists(in);
            Files.deleteIfExists(out);
        }
    }

    private void run(Path in, Path out) throws IOException {
        var process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("reward: the command took more than %d s".formatted(SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("reward: interrupted while the command ran", e);
        } finally {
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new IOException("reward: the command ended with %d".formatted(process.exitValue()));
        }
    }

    private static double[] numbers(Path out, int count) throws IOException {
        if (Files.size(out) > MOST_OUTPUT) {
            throw new BadInputException("reward: the command wrote more than %d bytes".formatted(MOST_OUTPUT));
        }
        var lines = Files.readAllLines(out, StandardCharsets.UTF_8);
        if (lines.size() != count) {
            throw new BadInputException(
                    "reward: want %d lines of the command, one number each, got %d".formatted(count, lines.size()));
        }
        var numbers = new double[count];
        for (int i = 0; i < count; i++) {
            try {
                numbers[i] = Double.parseDouble(lines.get(i).strip());
            } catch (NumberFormatException _) {
                numbers[i] = Double.NaN;
            }
            if (!Double.isFinite(numbers[i])) {
                throw new BadInputException("reward: line %d of the command is no number".formatted(i + 1));
            }
        }
        return numbers;
    }
}
