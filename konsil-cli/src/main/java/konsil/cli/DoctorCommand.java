package konsil.cli;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konsil.cli.Finding.Level;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code konsil doctor}: what this machine offers, what Konsil makes of it, and what to do about each problem. */
final class DoctorCommand implements Command {
    private static final int TOPIC_WIDTH = 18;

    @Override
    public CommandSpec spec() {
        return Options.verb(
                        "doctor",
                        "Shows processor, memory, JDK and the kernels chosen, and what to do about each problem. "
                                + "Exit code 1 if something will not work.",
                        "doctor",
                        "doctor --json")
                .addOption(Options.json());
    }

    @Override
    public Exit run(ParseResult arguments, Output output) {
        List<Finding> findings = examine(new Host(Path.of("/")));
        boolean sick = findings.stream().anyMatch(finding -> finding.level() == Level.PROBLEM);
        if (arguments.hasMatchedOption(Options.JSON)) {
            printJson(output.out(), findings, !sick);
        } else {
            print(output.out(), findings);
        }
        return sick ? Exit.NEGATIVE : Exit.OK;
    }

    static List<Finding> examine(Host host) {
        var flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
        var machine = new MachineChecks(host, Runtime.getRuntime().availableProcessors());
        var java = new JavaChecks(host, Runtime.version(), flags);
        List<Path> folders = List.of(Path.of("").toAbsolutePath(), Path.of(System.getProperty("java.io.tmpdir")));
        List<Finding> findings = new ArrayList<>(machine.findings(folders));
        findings.addAll(java.findings());
        try (var workers = Workers.forThisMachine()) {
            String forced = System.getProperty(KernelChoice.PROPERTY, "");
            findings.addAll(new KernelChecks(forced, () -> KernelChoice.best(workers)).findings());
        }
        return findings;
    }

    private static void print(PrintStream out, List<Finding> findings) {
        out.println("konsil " + Main.VERSION);
        String indent = " ".repeat(TOPIC_WIDTH + 5);
        for (Finding finding : findings) {
            String mark =
                    switch (finding.level()) {
                        case OK -> "ok  ";
                        case NOTE -> "note";
                        case PROBLEM -> "BAD ";
                    };
            String topic = finding.topic()
                    + " ".repeat(Math.max(1, TOPIC_WIDTH - finding.topic().length()));
            out.println(mark + " " + topic + finding.value());
            if (!finding.advice().isEmpty()) out.println(indent + "-> " + finding.advice());
        }
    }

    private static void printJson(PrintStream out, List<Finding> findings, boolean healthy) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("version", Main.VERSION);
        report.put("healthy", healthy);
        report.put("findings", findings.stream().map(Finding::json).toList());
        Json.print(out, report);
    }
}
