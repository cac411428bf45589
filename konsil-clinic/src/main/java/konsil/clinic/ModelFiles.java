package konsil.clinic;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a model lies.
 *
 * @param model a Hugging Face folder, a packed file or a GGUF file
 * @param projector the image projector of a GGUF model
 * @param adapter folder of a LoRA adapter
 */
public record ModelFiles(Path model, Optional<Path> projector, Optional<Path> adapter) {
    List<Path> checkpoint() {
        return projector.map(file -> List.of(model, file)).orElseGet(() -> List.of(model));
    }
}
