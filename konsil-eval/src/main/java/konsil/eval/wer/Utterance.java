package konsil.eval.wer;

/**
 * What was said and what was heard.
 *
 * @param id the utterance's name, or its line number
 */
public record Utterance(String id, String reference, String hypothesis) {}
