package konsil.medgemma;

import java.util.Optional;
import java.util.SequencedSet;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;

/**
 * What a checkpoint of the Gemma 3 family says about itself: sizes and constants, nothing about sampling.
 *
 * @param images empty for text-only models
 * @param stopTokens ids after which an answer is over
 */
public record MedGemmaConfig(TextConfig text, Optional<ImageConfig> images, SequencedSet<Integer> stopTokens) {
    /**
     * Reads config.json and generation_config.json of a Hugging Face folder, or the metadata of GGUF files; a packed
     * file holds whichever its source had. Every field is used or known to change nothing; all others are refused.
     *
     * @throws BadFileException when the checkpoint is of another architecture, or a field is missing, unknown or
     *     unusable
     */
    public static MedGemmaConfig of(Checkpoint checkpoint) {
        try {
            return gguf(checkpoint)
                    ? new GgufConfig(checkpoint.metadata()).config(checkpoint)
                    : HuggingFaceConfig.read(checkpoint);
        } catch (BadFileException e) {
            throw e;
        } catch (BadInputException e) {
            throw new BadFileException(checkpoint.path(), e.getMessage(), e);
        }
    }

    /** Whether the checkpoint's names and norms are those of GGUF. */
    static boolean gguf(Checkpoint checkpoint) {
        return checkpoint.metadata().has(GgufConfig.ARCHITECTURE);
    }
}
