package konsil.clinic;

import java.util.Arrays;
import konsil.medgemma.generation.TokenConstraint;

/**
 * Keeps a model from saying what is no word: rows of the output beyond the vocabulary, which were never trained, and
 * the token that stands for images.
 *
 * @param size tokens of the vocabulary
 * @param softToken never said
 * @param inner what else is demanded
 */
record KnownTokens(int size, int softToken, TokenConstraint inner) implements TokenConstraint {
    @Override
    public void restrict(float[] logits) {
        if (size < logits.length) {
            Arrays.fill(logits, size, logits.length, Float.NEGATIVE_INFINITY);
        }
        if (softToken >= 0 && softToken < logits.length) {
            logits[softToken] = Float.NEGATIVE_INFINITY;
        }
        inner.restrict(logits);
    }

    @Override
    public void accept(int token) {
        inner.accept(token);
    }
}
