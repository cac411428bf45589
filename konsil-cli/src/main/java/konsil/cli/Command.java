package konsil.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * One verb of the command line. {@link Main} lists the verbs, adds {@code --help} and {@code --debug} to each, and
 * turns what a verb throws into a message and an exit code; see {@link Failures}.
 */
public interface Command {
    /** Name, arguments and help; {@link Options} makes one, and refuses a verb without an example. */
    CommandSpec spec();

    /**
     * Does the work. Results go to {@code output.out()}, everything else to {@code output.err()}.
     *
     * @throws konsil.tensor.BadInputException if a file or setting cannot be used (exit code 3)
     * @throws EnvironmentException if this machine cannot do it (exit code 4)
     * @throws IOException if reading or writing failed (exit code 3)
     */
    Exit run(ParseResult arguments, Output output) throws IOException;
}
