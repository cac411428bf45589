/** What every training run has: data in a seeded order, checkpoints, metrics and their page. */
package konsil.train.run;
