package konsil.cli.tune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konsil.cli.Main;
import konsil.cli.Output;
import konsil.cli.Progress;
import konsil.train.run.RunListener;

/** A process of its own that dies without warning, as by kill -9, once it has taken so many steps. */
final class HaltingTune {
    static final int CODE = 77;

    private HaltingTune() {}

    /** Starts one. @param folder for what it prints  @return its exit code */
    static int run(Path folder, int step, String... args) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                HaltingTune.class.getName(),
                Integer.toString(step)));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("halted.txt").toFile())
                .start()
                .waitFor();
    }

    /** @param args the step to die after, then the command line */
    public static void main(String[] args) {
        long last = Long.parseLong(args[0]);
        var watcher = new RunListener() {
            @Override
            public void stepped(long step, double figure, long tokens) {
                if (step >= last) {
                    Runtime.getRuntime().halt(CODE);
                }
            }
        };
        var kinds = new TuneCommand(List.of(new SftCommand(watcher), new AsrCommand(watcher)));
        var output = new Output(System.out, System.err, Progress.Mode.SILENT);
        Main.run(List.of(kinds), Arrays.copyOfRange(args, 1, args.length), output);
    }
}
