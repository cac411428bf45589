/** MedASR: the log-mel features, the Conformer with its CTC head, and how its output becomes text. */
package konsil.medasr;
