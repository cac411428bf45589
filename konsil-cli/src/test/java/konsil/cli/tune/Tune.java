package konsil.cli.tune;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import konsil.cli.Main;

/** One run of {@code konsil} in this process, with what it wrote. */
record Tune(int exit, String out, String err) {
    static Tune konsil(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = Main.run(args, stream(out), stream(err));
        return new Tune(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** {@code konsil tune sft} on the small model. */
    static Tune sft(Path data, Path out, String... more) {
        return konsil(arguments(data, out, more));
    }

    static String[] arguments(Path data, Path out, String... more) {
        return Stream.concat(
                        Stream.of("tune", "sft", "--model", golden("gemma3-a"), "--data", data.toString(), "--out"),
                        Stream.concat(Stream.of(out.toString(), "--progress", "silent"), Stream.of(more)))
                .toArray(String[]::new);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    static String golden(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve("golden").resolve(name);
            if (Files.exists(file)) {
                return file.toString();
            }
        }
        throw new IllegalStateException("golden/" + name + " is missing from the project");
    }

    /** Six conversations, two of them with a picture. */
    static Path data(Path folder) throws IOException {
        String image = golden("gemma3-a/images/gray_64x64.png");
        var lines = List.of(
                line("", "Is there a pleural effusion?", "Yes."),
                line(image, "Which tissue?", "B: mucosa"),
                line("", "What is the value of Hb?", "13.2"),
                line("", "Is it stable?", "No change."),
                line(image, "Which side?", "Left."),
                line("", "Is there a nodule?", "No."));
        Path file = folder.resolve("train.jsonl");
        Files.write(file, lines);
        return file;
    }

    private static String line(String image, String question, String answer) {
        String shown = image.isEmpty() ? "" : "{\"type\":\"image\",\"image\":\"%s\"},".formatted(image);
        return "{\"messages\":[{\"role\":\"user\",\"content\":[%s{\"type\":\"text\",\"text\":\"%s\"}]},"
                        .formatted(shown, question)
                + "{\"role\":\"assistant\",\"content\":\"%s\"}]}".formatted(answer);
    }
}
