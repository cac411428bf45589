package konsil.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Runs what is typed most and prints nothing, so that the JVM can write down what a start loads. Not in the help. */
final class RehearseCommand implements Command {
    private static final List<List<String>> LINES = List.of(
            List.of("--version"),
            List.of("--help"),
            List.of("doctor"),
            List.of("doctor", "--json"),
            List.of("bench", "first-result"));

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Options.verb("rehearse", "Rehearses starts for the start cache.", "rehearse");
        spec.usageMessage().hidden(true);
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        for (List<String> line : LINES) Main.run(line.toArray(String[]::new), nowhere, nowhere);
        return Exit.OK;
    }
}
