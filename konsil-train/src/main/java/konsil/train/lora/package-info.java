/** Low-rank adapters of MedGemma (LoRA, arXiv:2106.09685) as PEFT keeps them: made, trained, written, merged. */
package konsil.train.lora;
