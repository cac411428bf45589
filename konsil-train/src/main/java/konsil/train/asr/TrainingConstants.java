package konsil.train.asr;

import konsil.tensor.file.BadFileException;
import konsil.tensor.file.Checkpoint;
import konsil.tensor.file.Fields;

/**
 * What config.json says about training alone; what it leaves out is as in transformers' LasrEncoderConfig.
 *
 * @param initializerRange standard deviation of fresh weights
 * @param momentum share of a batch in the running statistics of batch norms
 */
public record TrainingConstants(double initializerRange, double momentum) {
    private static final String RANGE = "initializer_range";
    private static final String MOMENTUM = "batch_norm_momentum";
    private static final String ENCODER = "encoder_config";

    /** @throws BadFileException when a value is out of its range */
    public static TrainingConstants of(Checkpoint checkpoint) {
        var root = checkpoint
                .settings("config.json")
                .orElseThrow(() -> new BadFileException(checkpoint.path(), "want a config.json, found none"));
        Fields encoder = root.has(ENCODER) ? root.in(ENCODER) : root;
        double range = encoder.real(RANGE, root.real(RANGE, 0.02));
        double momentum = encoder.real(MOMENTUM, 0.01);
        if (!(range > 0 && range <= 10)) {
            throw encoder.wrong(RANGE, "want more than 0, got " + range);
        }
        if (!(momentum > 0 && momentum <= 1)) {
            throw encoder.wrong(MOMENTUM, "want more than 0 and at most 1, got " + momentum);
        }
        return new TrainingConstants(range, momentum);
    }
}
