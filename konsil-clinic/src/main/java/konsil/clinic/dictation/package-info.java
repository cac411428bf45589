/** Dictation as MedASR writes it down, turned into the text that was meant. Knows text alone, no model. */
package konsil.clinic.dictation;
