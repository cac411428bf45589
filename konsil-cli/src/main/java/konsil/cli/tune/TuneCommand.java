package konsil.cli.tune;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.cli.Command;
import konsil.cli.Exit;
import konsil.cli.Main;
import konsil.cli.Options;
import konsil.cli.Output;
import konsil.cli.Progress;
import konsil.train.run.RunListener;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code konsil tune}: everything that makes another model out of one; each kind is a verb of its own below it. */
public final class TuneCommand implements Command {
    private final Map<String, Command> kinds = new LinkedHashMap<>();
    private final CommandSpec spec = Options.verb(
            "tune",
            "Trains a model on examples. See the help of each kind: konsil tune KIND --help",
            "tune sft --model ~/medgemma-1.5-4b-it --data train.jsonl --held-out dev.jsonl --out run",
            "tune sft --help");

    /** @param commands one for each kind */
    public TuneCommand(List<Command> commands) {
        for (var command : commands) {
            CommandSpec kind = command.spec();
            Main.addVerbOptions(kind);
            kind.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(Main.exitCodes());
            kinds.put(kind.name(), command);
            spec.addSubcommand(kind.name(), kind);
        }
    }

    /** All kinds there are. */
    public static TuneCommand create() {
        return new TuneCommand(List.of(
                new SftCommand(RunListener.SILENT),
                new AsrCommand(RunListener.SILENT),
                new GrpoCommand(RunListener.SILENT),
                new NewCommand(),
                new MergeCommand()));
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Exit run(ParseResult arguments, Output output) throws IOException {
        if (!arguments.hasSubcommand()) {
            throw new ParameterException(
                    arguments.commandSpec().commandLine(), "tune: want one of " + String.join(", ", kinds.keySet()));
        }
        ParseResult kind = arguments.subcommand();
        Progress.Mode mode = kind.matchedOptionValue(Main.PROGRESS, output.progress());
        return kinds.get(kind.commandSpec().name()).run(kind, new Output(output.out(), output.err(), mode));
    }
}
