package konsil.medasr;

import konsil.model.ConfigChecks;
import konsil.tensor.BadInputException;
import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;

/**
 * What a checkpoint of the LASR family says about itself.
 *
 * @param vocabSize tokens that a frame tells apart
 * @param blank the token that stands for none, pad_token_id in the file
 */
public record MedAsrConfig(EncoderConfig encoder, int vocabSize, int blank) {
    /** @throws BadInputException that names the field, when sizes contradict each other */
    public MedAsrConfig {
        ConfigChecks.size("vocab_size", vocabSize);
        ConfigChecks.that(
                blank >= 0 && blank < vocabSize,
                "pad_token_id: want one of the %d tokens, got %d".formatted(vocabSize, blank));
    }

    /**
     * Reads config.json, preprocessor_config.json and processor_config.json of a Hugging Face folder, or of the packed
     * file made from one. Every field is used or known to change nothing; all others are refused.
     *
     * @throws BadFileException when the checkpoint is of another architecture, or a field is missing, unknown or
     *     unusable, or the sound is to be prepared otherwise than {@link LogMel} does
     */
    public static MedAsrConfig of(Checkpoint checkpoint) {
        try {
            var config = ConfigJson.read(checkpoint);
            FeatureSettings.check(checkpoint, config.encoder().subsampling().melBins());
            return config;
        } catch (BadFileException e) {
            throw e;
        } catch (BadInputException e) {
            throw new BadFileException(checkpoint.path(), e.getMessage(), e);
        }
    }

    /** How frames of the output lie in the sound. */
    public FrameClock clock() {
        return FrameClock.of(encoder.subsampling());
    }
}
