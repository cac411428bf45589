package konsil.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.cli.bench.BenchCommand;
import konsil.cli.tune.TuneCommand;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The konsil command. The one place where the program is put together. */
public final class Main {
    /** The version that {@code konsil --version} prints. */
    static final String VERSION = "0.1.0";

    private static final String VERSION_LINE = "konsil " + VERSION;
    private static final String DEBUG = "--debug";
    public static final String PROGRESS = "--progress";

    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final CommandLine line;
    private final Output output;

    private Main(List<Command> verbs, Output output) {
        CommandSpec root = CommandSpec.create().name("konsil").version(VERSION_LINE);
        root.usageMessage()
                .description("Runs MedGemma and MedASR on this machine, in Java alone. Not a medical device.")
                .footerHeading("%nExample:%n")
                .footer("  konsil doctor", "", "Help for one command: konsil COMMAND --help")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes());
        root.addOption(versionOption());
        addCommonOptions(root);
        for (Command verb : verbs) {
            CommandSpec spec = verb.spec();
            addVerbOptions(spec);
            commands.put(spec.name(), verb);
            root.addSubcommand(spec.name(), spec);
        }
        line = new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(writer(output.out()))
                .setErr(writer(output.err()));
        this.output = output;
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        var out = utf8(FileDescriptor.out);
        var err = utf8(FileDescriptor.err);
        if (progressMode() == Progress.Mode.TERMINAL) takeBackIncubatorWarning(err);
        var refusal = JavaVersion.refusal(Runtime.version());
        if (refusal.isPresent()) {
            err.println("konsil: " + refusal.get());
            System.exit(Exit.ENVIRONMENT.code());
        }
        int code = run(args, out, err);
        out.flush();
        System.exit(code);
    }

    /** Runs one command in this process. @return the exit code, see {@link Exit} */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        if (isVersion(args)) {
            out.println(VERSION_LINE);
            return Exit.OK.code();
        }
        return run(verbs(), args, new Output(out, err, progressMode())).code();
    }

    /** Runs one command of these. */
    public static Exit run(List<Command> verbs, String[] args, Output output) {
        return new Main(verbs, output).execute(args);
    }

    /** Every verb there is. */
    static List<Command> verbs() {
        return List.of(
                new DoctorCommand(),
                new ImportCommand(),
                new InspectCommand(),
                new StudyCommand(),
                new TokenizeCommand(System.in),
                new AskCommand(),
                new ChatCommand(System.in),
                new TranscribeCommand(System.in),
                new VerifyCommand(),
                TuneCommand.create(),
                new BenchCommand(),
                new WerCommand(),
                new RehearseCommand());
    }

    /** Asked for by scripts, often: answered before picocli loads, which takes longer than the rest of the start. */
    private static boolean isVersion(String[] args) {
        return args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"));
    }

    private Exit execute(String[] args) {
        boolean debug = List.of(args).contains(DEBUG);
        try {
            ParseResult parsed = line.parseArgs(args);
            if (CommandLine.printHelpIfRequested(parsed)) return Exit.OK;
            return runVerb(parsed);
        } catch (ParameterException wrong) {
            return usage(wrong);
        } catch (Exception | Error failure) {
            return new Failures(output.err(), debug).report(failure);
        }
    }

    private Exit runVerb(ParseResult parsed) throws Exception {
        if (!parsed.hasSubcommand()) {
            line.usage(output.out());
            return Exit.USAGE;
        }
        ParseResult verb = parsed.subcommand();
        Progress.Mode mode = verb.matchedOptionValue(PROGRESS, output.progress());
        Output as = new Output(output.out(), output.err(), mode);
        return commands.get(verb.commandSpec().name()).run(verb, as);
    }

    private Exit usage(ParameterException wrong) {
        PrintStream err = output.err();
        CommandLine at = wrong.getCommandLine();
        err.println("konsil: " + wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("Try: " + at.getCommandSpec().qualifiedName() + " --help");
        return Exit.USAGE;
    }

    /** Adds what every verb takes: help, debugging, how progress is shown. */
    public static void addVerbOptions(CommandSpec spec) {
        addCommonOptions(spec);
        spec.addOption(Options.option(
                PROGRESS, "MODE", Progress.Mode.class, "How progress is shown: terminal, plain, json or silent."));
    }

    private static void addCommonOptions(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        spec.addOption(Options.flag(DEBUG, "Show the stack trace of an error."));
    }

    private static OptionSpec versionOption() {
        return OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print the version.")
                .build();
    }

    /** Exit codes with what they mean, for help. */
    public static Map<String, String> exitCodes() {
        Map<String, String> lines = new LinkedHashMap<>();
        for (Exit exit : Exit.values()) lines.put(Integer.toString(exit.code()), exit.meaning());
        return lines;
    }

    /** The start script knows what standard error is; Java cannot ask. */
    private static Progress.Mode progressMode() {
        return switch (System.getProperty("konsil.progress", "plain")) {
            case "terminal" -> Progress.Mode.TERMINAL;
            case "json" -> Progress.Mode.JSON;
            case "silent" -> Progress.Mode.SILENT;
            default -> Progress.Mode.PLAIN;
        };
    }

    /** The JVM says in one line at every start that the vector module incubates, and has no flag against it. */
    private static void takeBackIncubatorWarning(PrintStream terminal) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) return;
        terminal.print("\033[1A\033[2K");
        terminal.flush();
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    private static PrintStream utf8(FileDescriptor stream) {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(stream)), true, StandardCharsets.UTF_8);
    }
}
