/** Optimisers, learning-rate schedules and gradient clipping: from gradients to changed values. */
package konsil.train.optim;
