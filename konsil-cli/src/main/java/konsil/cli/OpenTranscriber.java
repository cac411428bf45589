package konsil.cli;

import java.io.IOException;
import konsil.clinic.Machine;
import konsil.clinic.Transcriber;
import konsil.clinic.TranscriberFiles;
import konsil.clinic.TranscriberSettings;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;

/** A transcriber with the kernels and threads that it runs on. */
record OpenTranscriber(Transcriber transcriber, Workers workers) implements AutoCloseable {
    static OpenTranscriber load(TranscriberFiles files, TranscriberSettings settings) throws IOException {
        var workers = new Workers(Runtime.getRuntime().availableProcessors());
        try {
            var choice = KernelChoice.best(workers);
            var machine = new Machine(choice.kernels(), workers, choice.describe());
            return new OpenTranscriber(Transcriber.open(files, machine, settings), workers);
        } catch (IOException | RuntimeException | Error e) {
            workers.close();
            throw e;
        }
    }

    @Override
    public void close() {
        transcriber.close();
        workers.close();
    }
}
