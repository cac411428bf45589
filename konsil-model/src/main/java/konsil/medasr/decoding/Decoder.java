package konsil.medasr.decoding;

import java.util.List;
import konsil.medasr.Emissions;

/** A way to decode. Immutable, for any number of threads; every utterance has a search of its own. */
public sealed interface Decoder {
    /**
     * Starts an utterance.
     *
     * @param alternatives whether hypotheses live on that differ only in words too long ago to matter to what follows:
     *     for the best of many. Otherwise only the better one does, so that the text is stable soon and memory bounded.
     */
    Search start(boolean alternatives);

    /** Starts an utterance of any length of which only the best hypothesis is wanted. */
    default Search start() {
        return start(false);
    }

    /** The best hypotheses for an utterance that is there as a whole, best first, at most so many. */
    default List<Hypothesis> decode(Emissions emissions, int most) {
        var search = start(most > 1);
        search.push(emissions);
        return search.finish(most);
    }

    /** The most likely token of every frame, equal neighbours once, without blanks: the model card's way. */
    record Greedy(Pieces pieces) implements Decoder {
        @Override
        public Search start(boolean alternatives) {
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
        public Search start(boolean alternatives) {
            return new PrefixSearch(fusion, terms, settings, alternatives);
        }
    }

    /**
     * The search of pyctcdecode as MedASR's notebook calls it, with its scores, its order and its oddities.
     *
     * @param pruneHistory whether beams that differ only where the language model no longer looks are dropped, as
     *     pyctcdecode does it for {@code decode}, not for {@code decode_beams}; start cannot change it
     */
    record Compatible(Fusion fusion, BeamSettings settings, boolean pruneHistory) implements Decoder {
        @Override
        public Search start(boolean alternatives) {
            return new CompatibleSearch(fusion, settings, pruneHistory);
        }
    }
}
