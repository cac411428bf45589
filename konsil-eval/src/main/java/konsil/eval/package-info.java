/** Measures of quality: models against golden values of their reference, texts against what they should say. */
package konsil.eval;
