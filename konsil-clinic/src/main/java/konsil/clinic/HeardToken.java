package konsil.clinic;

/**
 * A token with its time.
 *
 * @param start seconds from the beginning of the sound
 * @param confidence 0 to 1: the mean probability over its frames
 */
record HeardToken(int id, double start, double end, double confidence) {}
