/** Studies as questions: which of their pictures a model is shown, with which words, and what the record says of it. */
package konsil.clinic.study;
