/** Learning: gradients of what a tape remembered, losses, LoRA, optimisers, and the loops that tune a model. */
package konsil.train;
