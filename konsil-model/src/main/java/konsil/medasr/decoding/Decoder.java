package konsil.medasr.decoding;

import java.util.List;
import konsil.medasr.Emissions;

/** A way to decode. Immutable, for any number of threads; every utterance has a search of its own. */
public sealed interface Decoder {
    /** Starts an utterance. */
    Search start();

    /** The best hypotheses for an utterance that is there as a whole, best first, at most so many. */
    default List<Hypothesis> decode(Emissions emissions, int most) {
        var search = start();
        search.push(emissions);
        return search.finish(most);
    }

    /** The most likely token of every frame, equal neighbours once, without blanks: the model card's way. */
    record Greedy(Pieces pieces) implements Decoder {
        @Override
        public Search start() {
            return new GreedySearch(pieces.size());
        }
    }

    /**
     * Prefix beam search (Graves and Jaitly, ICML 2014; Hannun et al., 2014): the language model is asked when a token
     * is heard, the token {@code </s>} is the end of a sentence, terms are looked for token by token.
     */
    record Beam(Fusion fusion, Terms terms, BeamSettings settings) implements Decoder {
        /** Without a language model and terms. */
        public Beam(Pieces pieces) {
            this(Fusion.without(pieces), Terms.none(pieces), BeamSettings.DEFAULT);
        }

        public Beam {
            if (!fusion.pieces().equals(terms.pieces())) {
                throw new IllegalArgumentException("the terms were made for other pieces than the language model");
            }
        }

        @Override
        public Search start() {
            return new PrefixSearch(fusion, terms, settings);
        }
    }

    /**
     * The search of pyctcdecode as MedASR's notebook calls it, with its scores, its order and its oddities.
     *
     * @param pruneHistory whether beams that differ only where the language model no longer looks are dropped
     */
    record Compatible(Fusion fusion, BeamSettings settings, boolean pruneHistory) implements Decoder {
        @Override
        public Search start() {
            return new CompatibleSearch(fusion, settings, pruneHistory);
        }
    }
}
