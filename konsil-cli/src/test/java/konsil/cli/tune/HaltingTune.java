package konsil.cli.tune;

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
        Main.run(
                List.of(kinds),
                Arrays.copyOfRange(args, 1, args.length),
                output);
    }
}
