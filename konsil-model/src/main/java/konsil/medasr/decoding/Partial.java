package konsil.medasr.decoding;

/**
 * What a search has heard so far.
 *
 * @param stable tokens that nothing can change any more, nor their frames
 * @param tail what follows in the best hypothesis and may change
 */
public record Partial(TokenRun stable, TokenRun tail) {}
