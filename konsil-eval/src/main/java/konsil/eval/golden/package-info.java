/** Models against what a reference implementation computed for them: golden directories, stage by stage. */
package konsil.eval.golden;
