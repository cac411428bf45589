package konsil.text;

/**
 * A token that is cut out of a text before the rest is merged.
 *
 * @param id its number
 * @param special whether it steers the model and is no text, such as an end of turn
 * @param normalised whether it is looked for after spaces have been replaced, and after all others have been cut out
 */
record AddedToken(int id, boolean special, boolean normalised) {}
