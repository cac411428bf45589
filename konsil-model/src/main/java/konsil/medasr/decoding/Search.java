package konsil.medasr.decoding;

import java.util.List;
import konsil.medasr.Emissions;

/**
 * One utterance on its way from emissions to tokens, block by block; how it is cut into blocks changes nothing. For one
 * thread at a time.
 */
public sealed interface Search permits GreedySearch, PrefixSearch, CompatibleSearch {
    /** Hears the next frames. @throws IllegalArgumentException when they tell apart another number of tokens */
    void push(Emissions block);

    /** What was heard so far, without what {@link #take} gave away. */
    Partial partial();

    /** Gives away the stable tokens and forgets them, so that memory stays bounded however long the utterance is. */
    TokenRun take();

    /** The best hypotheses, best first, at most so many and at least one, as if the utterance ended here. */
    List<Hypothesis> finish(int most);
}
