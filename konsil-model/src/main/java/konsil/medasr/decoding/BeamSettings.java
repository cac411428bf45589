package konsil.medasr.decoding;

import konsil.tensor.BadInputException;

/**
 * How far a beam search looks. The defaults are those of MedASR's notebook.
 *
 * @param width how many hypotheses live on after a frame, 1 to 1024
 * @param tokenMinimum tokens below this log-probability are not looked at, except the best of a frame; at most 0
 * @param beamMargin hypotheses that are this much worse than the best are dropped, natural logarithm; at most 0
 */
public record BeamSettings(int width, double tokenMinimum, double beamMargin) {
    public static final BeamSettings DEFAULT = new BeamSettings(8, -5, -10);

    public BeamSettings {
        if (width < 1 || width > 1024) {
            throw new BadInputException("beam width: want 1 to 1024, got " + width);
        }
        if (!(tokenMinimum <= 0) || !(beamMargin <= 0)) {
            throw new BadInputException("beam thresholds: want natural logarithms of at most 0, got %s and %s"
                    .formatted(tokenMinimum, beamMargin));
        }
    }

    public BeamSettings withWidth(int other) {
        return new BeamSettings(other, tokenMinimum, beamMargin);
    }
}
