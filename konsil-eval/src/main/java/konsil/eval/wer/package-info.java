/** Word error rates of transcripts against references: normalised as published, aligned, with an interval. */
package konsil.eval.wer;
