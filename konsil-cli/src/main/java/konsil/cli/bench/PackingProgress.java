package konsil.cli.bench;

import konsil.cli.Output;
import konsil.cli.Progress;
import konsil.tensor.file.Importer;

/** Shows how far packing has come, from the moment that its size is known. */
final class PackingProgress implements Importer.Progress, AutoCloseable {
    private final Output output;
    private Progress shown;

    PackingProgress(Output output) {
        this.output = output;
    }

    @Override
    public synchronized void begin(long totalBytes) {
        shown = output.start("made-up weights", totalBytes, Progress.Unit.BYTES);
    }

    @Override
    public synchronized void advance(long bytes) {
        shown.add(bytes);
    }

    @Override
    public synchronized void close() {
        if (shown != null) {
            shown.close();
        }
    }
}
