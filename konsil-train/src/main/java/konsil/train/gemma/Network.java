package konsil.train.gemma;

import java.util.Optional;
import konsil.medgemma.GemmaText;
import konsil.medgemma.ImageEncoder;

/**
 * The parts of a MedGemma as they are trained.
 *
 * @param images empty for text-only models
 * @param learnsImages whether something in the image part is trained; otherwise each image is looked at once
 */
public record Network(GemmaText text, Optional<ImageEncoder> images, boolean learnsImages) {}
