package konsil.cli;

import java.util.ArrayList;
import java.util.List;

/** Progress of something whose size is known only when it has begun. */
public final class Phase implements AutoCloseable {
    private final Output output;
    private final String label;
    private final Progress.Unit unit;
    private final List<Progress> shown = new ArrayList<>(1);
    private long done;

    public Phase(Output output, String label, Progress.Unit unit) {
        this.output = output;
        this.label = label;
        this.unit = unit;
    }

    /** So much of the whole is done; ends the line when that is all. */
    public synchronized void at(long now, long total) {
        if (shown.isEmpty()) {
            shown.add(output.start(label, total, unit));
        }
        var progress = shown.getFirst();
        progress.add(now - done);
        done = now;
        if (now >= total) {
            progress.close();
        }
    }

    @Override
    public synchronized void close() {
        shown.forEach(Progress::close);
    }
}
