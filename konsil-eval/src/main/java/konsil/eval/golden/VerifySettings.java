package konsil.eval.golden;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import konsil.medgemma.WorkingFormat;

/**
 * What is held against a golden directory, and how.
 *
 * @param model a Hugging Face folder, a packed file or a GGUF file
 * @param projector the image part of a GGUF model
 * @param format of the matrices; {@link WorkingFormat#EXACT} is held to {@link #TOLERANCE}, the others to cosines
 * @param memoryLimit bytes of working memory, besides weights and caches
 */
public record VerifySettings(Path model, Optional<Path> projector, WorkingFormat format, long memoryLimit) {
    /**
     * Largest difference of a stage, relative to the largest golden value, when both sides compute in f32: hundreds of
     * times what sums in another order make, and less than any mistake in the network.
     */
    public static final double TOLERANCE = 2e-3;

    List<Path> paths() {
        return projector.map(image -> List.of(model, image)).orElse(List.of(model));
    }

    boolean exact() {
        return format == WorkingFormat.EXACT;
    }
}
