/** Tokenizers trained from texts: byte-pair encoding as Gemma 3 has it, Unigram as MedASR has it. */
package konsil.train.tokenizer;
