package konsil.train.tokenizer;

/**
 * One piece of a Unigram model.
 *
 * @param score logarithm of its probability
 */
record ScoredText(String text, double score) {}
