/** Volumes and slides as MedGemma was shown them in training: which pictures, how coloured, with which words. */
package konsil.medgemma.inputs;
