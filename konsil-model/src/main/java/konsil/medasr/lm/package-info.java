/** N-gram language models: ARPA text and KenLM binaries, and the probabilities they give to sequences of words. */
package konsil.medasr.lm;
