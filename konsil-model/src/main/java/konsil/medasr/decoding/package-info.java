/** From emissions to tokens: greedy, prefix beam search with a language model, and the user's own vocabulary. */
package konsil.medasr.decoding;
