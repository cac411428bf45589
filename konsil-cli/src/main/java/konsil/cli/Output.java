package konsil.cli;

import java.io.PrintStream;

/**
 * Where a verb writes.
 *
 * @param out results, for people or as JSON
 * @param err progress and messages
 * @param progress how progress is shown on {@code err}
 */
public record Output(PrintStream out, PrintStream err, Progress.Mode progress) {
    /** Starts a progress display of {@code total} steps or bytes; close it when done. */
    public Progress start(String label, long total, Progress.Unit unit) {
        return new Progress(err, progress, label, total, unit, System::nanoTime);
    }
}
