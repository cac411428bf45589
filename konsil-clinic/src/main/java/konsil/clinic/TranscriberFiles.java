package konsil.clinic;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a transcriber lies.
 *
 * @param model a Hugging Face folder of MedASR or a packed file
 * @param languageModel ARPA or KenLM file over the model's pieces
 */
public record TranscriberFiles(Path model, Optional<Path> languageModel) {}
