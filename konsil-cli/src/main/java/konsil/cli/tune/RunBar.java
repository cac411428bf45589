package konsil.cli.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import konsil.cli.Output;
import konsil.cli.Progress;
import konsil.train.run.RunListener;

/** Shows how far a run is, and passes on what it hears. */
final class RunBar implements RunListener, AutoCloseable {
    private final Output output;
    private final RunListener next;
    private final List<Progress> bar = new ArrayList<>(1);
    private final long started = System.nanoTime();
    private long tokens;

    RunBar(Output output, RunListener next) {
        this.output = output;
        this.next = next;
    }

    @Override
    public void begins(long done, long total) {
        bar.add(output.start(done == 0 ? "tune" : "tune, on from step " + done, total - done, Progress.Unit.STEPS));
        next.begins(done, total);
    }

    @Override
    public void stepped(long step, double figure, long more) {
        tokens += more;
        bar.forEach(progress -> progress.add(1));
        next.stepped(step, figure, more);
    }

    @Override
    public void heldOut(long step, double figure, boolean best) {
        if (output.progress() == Progress.Mode.PLAIN) {
            output.err()
                    .println(String.format(
                            Locale.ROOT, "step %d: held-out %.4f%s", step, figure, best ? ", the best so far" : ""));
        }
        next.heldOut(step, figure, best);
    }

    double seconds() {
        return (System.nanoTime() - started) * 1e-9;
    }

    double tokensPerSecond() {
        return tokens / Math.max(1e-9, seconds());
    }

    /** Ends the line. */
    void end() {
        bar.forEach(Progress::close);
    }

    @Override
    public void close() {
        end();
    }
}
