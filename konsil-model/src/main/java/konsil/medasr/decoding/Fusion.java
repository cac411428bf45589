package konsil.medasr.decoding;

import java.util.Optional;
import konsil.medasr.lm.LmState;
import konsil.medasr.lm.NGramModel;

/**
 * A language model over pieces, tied to the tokens: in the model's words U+2581 is written as #, so that "▁There" is
 * the word "#There". Shallow fusion: its weighted log-probabilities are added to those of the emissions.
 */
public final class Fusion {
    /** ln 10. */
    static final double LN10 = 1 / Math.log10(Math.E);

    private final Pieces pieces;
    private final Optional<NGramModel> model;
    private final LmWeights weights;
    private final int[] words;

    private Fusion(Pieces pieces, Optional<NGramModel> model, LmWeights weights) {
        this.pieces = pieces;
        this.model = model;
        this.weights = weights;
        words = new int[pieces.size()];
        for (int token = 0; token < words.length; token++) {
            String word = pieces.texts().get(token).replace(Pieces.SPACE, '#');
            words[token] = model.map(m -> m.wordId(word)).orElse(NGramModel.UNKNOWN);
        }
        model.ifPresent(m -> words[Pieces.END] = m.end());
    }

    /** No language model: every token scores 0. */
    public static Fusion without(Pieces pieces) {
        return new Fusion(pieces, Optional.empty(), new LmWeights(0, 0, 0));
    }

    /** @param model stays the caller's to close, after the last search */
    public static Fusion of(Pieces pieces, NGramModel model, LmWeights weights) {
        return new Fusion(pieces, Optional.of(model), weights);
    }

    public Pieces pieces() {
        return pieces;
    }

    Optional<NGramModel> model() {
        return model;
    }

    LmWeights weights() {
        return weights;
    }

    /** How many of the tokens with a text the model knows. */
    public int known() {
        int known = 0;
        for (int token = 0; token < words.length; token++) {
            known += pieces.spoken(token) && words[token] != NGramModel.UNKNOWN ? 1 : 0;
        }
        return known;
    }

    /** What was said so far, to the language model. @param score the weighted sum of natural logarithms */
    record Said(double score, Optional<LmState> state) {}

    Said start() {
        return new Said(0, model.map(NGramModel::start));
    }

    /** No token gains more than this. */
    double mostGain() {
        return Math.max(0, weights.beta());
    }

    /** One more token. The end costs what the model says of it and starts a new sentence. */
    Said then(Said before, int token) {
        if (model.isEmpty()) {
            return before;
        }
        if (token == Pieces.END) {
            return new Said(before.score + end(before), model.map(NGramModel::start));
        }
        var scored = model.get().score(before.state.orElseThrow(), words[token]);
        double log10 = scored.log10() + (words[token] == NGramModel.UNKNOWN ? weights.unknown() : 0);
        return new Said(before.score + weights.alpha() * log10 * LN10 + weights.beta(), Optional.of(scored.next()));
    }

    /** What the end of the sentence costs here. */
    double end(Said before) {
        return model.isEmpty()
                ? 0
                : weights.alpha()
                        * model.get()
                                .score(before.state.orElseThrow(), model.get().end())
                                .log10()
                        * LN10;
    }
}
