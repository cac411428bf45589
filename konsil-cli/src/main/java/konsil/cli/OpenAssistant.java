package konsil.cli;

import java.io.IOException;
import konsil.clinic.Assistant;
import konsil.clinic.AssistantSettings;
import konsil.clinic.Machine;
import konsil.clinic.ModelFiles;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;

/** An assistant with the kernels and threads that it runs on. */
record OpenAssistant(Assistant assistant, Workers workers) implements AutoCloseable {
    /** Loads a model and shows how far that is. */
    static OpenAssistant load(ModelFiles files, AssistantSettings settings, Output output) throws IOException {
        var workers = new Workers(Runtime.getRuntime().availableProcessors());
        try (var loading = new Phase(output, "load model", Progress.Unit.STEPS)) {
            var choice = KernelChoice.best(workers);
            var machine = new Machine(choice.kernels(), workers, choice.describe());
            var load = settings.load().withProgress(loading::at);
            return new OpenAssistant(Assistant.open(files, machine, settings.with(load)), workers);
        } catch (IOException | RuntimeException | Error e) {
            workers.close();
            throw e;
        }
    }

    @Override
    public void close() {
        assistant.close();
        workers.close();
    }
}
