package konsil.medasr.decoding;

/**
 * What may have been said.
 *
 * @param tokens without what {@link Search#take} already gave away
 * @param score by which hypotheses are ranked, higher is better: {@code ctc + lm + terms}, natural logarithms
 * @param ctc of the probability of all ways to say these tokens in these frames that the search followed
 * @param lm of the language model's share, weighted; 0 without one
 * @param terms of the bonus for the user's own terms; 0 without them
 */
public record Hypothesis(TokenRun tokens, double score, double ctc, double lm, double terms) {}
