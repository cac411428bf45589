/** Supervised fine-tuning: a model learns to answer as examples do. */
package konsil.train.sft;
