package konsil.phantom.image;

/**
 * A question about a case and its answer.
 *
 * @param about what is asked for: finding, side, change, grade, or box
 * @param text to the letter
 * @param answer to the letter; the same truth always has the same words
 */
public record Question(String about, String text, String answer) {}
