package konsil.train.grpo;

import java.util.Arrays;
import konsil.medgemma.generation.TokenConstraint;

/**
 * Keeps what is never trained out of what is drawn.
 *
 * @param known tokens of the vocabulary; rows of the output beyond it are never said
 * @param never one more; negative for none
 */
record KnownTokens(int known, int never) implements TokenConstraint {
    @Override
    public void restrict(float[] logits) {
        if (known < logits.length) {
            Arrays.fill(logits, known, logits.length, Float.NEGATIVE_INFINITY);
        }
        if (never >= 0 && never < logits.length) {
            logits[never] = Float.NEGATIVE_INFINITY;
        }
    }

    @Override
    public void accept(int token) {
        // what came before changes nothing
    }
}
