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

    /**
     * Decides for the best hypothesis where it is old, so that {@link #take} has it: a text that is shown while it is
     * spoken cannot wait for what the search would still find out. A term that is half heard is waited for.
     *
     * @param before tokens that end by this frame, counted from the first of the search, are decided
     */
    void settle(int before);

    /** The best hypotheses, best first, at most so many and at least one, as if the utterance ended here. */
    List<Hypothesis> finish(int most);
}
