package konsil.clinic;

import konsil.medasr.decoding.BeamSettings;
import konsil.medasr.decoding.LmWeights;
import konsil.medasr.decoding.Terms;
import konsil.tensor.BadInputException;

/**
 * How what the network says becomes words.
 *
 * @param kind which search
 * @param beam how far it looks
 * @param weights how much a language model counts
 * @param termStrength what each token of a term of the vocabulary gains, a natural logarithm; 0 to 20
 */
public record DecoderSettings(Kind kind, BeamSettings beam, LmWeights weights, double termStrength) {
    /** A search, see {@link konsil.medasr.decoding.Decoder}. */
    public enum Kind {
        /** A beam where there is a language model or a vocabulary, greedy otherwise. */
        AUTO,
        GREEDY,
        BEAM,
        /** As pyctcdecode; without a vocabulary, all texts stay in memory. */
        COMPATIBLE
    }

    public static final DecoderSettings DEFAULT =
            new DecoderSettings(Kind.AUTO, BeamSettings.DEFAULT, LmWeights.DEFAULT, Terms.STRENGTH);

    public DecoderSettings {
        if (!(termStrength >= 0 && termStrength <= 20)) {
            throw new BadInputException("term strength: want 0 to 20, got " + termStrength);
        }
    }
}
