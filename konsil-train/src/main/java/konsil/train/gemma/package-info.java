/** One example of MedGemma, from its tokens to the gradients of what is trained. */
package konsil.train.gemma;
