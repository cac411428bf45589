package konsil.clinic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import konsil.kernel.KernelChoice;
import konsil.kernel.Workers;
import konsil.medgemma.LoadOptions;
import konsil.medgemma.PixelSettings.Framing;
import konsil.medgemma.WorkingFormat;
import konsil.media.ImageSettings;

/** An assistant with the small golden model, whose images are 16 soft tokens and whose window is 48. */
final class OpenedAssistant implements AutoCloseable {
    static final Path GOLDEN = Path.of("..", "golden").toAbsolutePath().normalize();
    static final AssistantSettings EXACT = new AssistantSettings(
            LoadOptions.of(WorkingFormat.EXACT),
            Framing.STRETCHED,
            Optional.empty(),
            Optional.of(600L),
            Optional.empty(),
            2,
            64,
            "test");

    private final Workers workers = new Workers(2);
    private final Assistant assistant;

    OpenedAssistant(AssistantSettings settings, Path model, Optional<Path> adapter) {
        try {
            var choice = KernelChoice.best(workers);
            assistant = Assistant.open(
                    new ModelFiles(model, Optional.empty(), adapter),
                    new Machine(choice.kernels(), workers, choice.describe()),
                    settings);
        } catch (IOException e) {
            workers.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    static OpenedAssistant exact() {
        return new OpenedAssistant(EXACT, GOLDEN.resolve("gemma3-a"), Optional.empty());
    }

    static AssistantSettings keeping(Path folder) {
        return new AssistantSettings(
                EXACT.load(), EXACT.framing(), EXACT.panAndScan(), EXACT.context(), Optional.of(folder), 2, 64, "test");
    }

    Assistant assistant() {
        return assistant;
    }

    static Picture picture(String name) {
        try {
            return Picture.read(GOLDEN.resolve("gemma3-a/images").resolve(name), ImageSettings.careful());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        assistant.close();
        workers.close();
    }
}
