package konsil.medgemma.generation;

/** What may come next, for answers of a prescribed form: a grammar or a JSON schema. */
public interface TokenConstraint {
    /** Anything may come. */
    TokenConstraint NONE = new TokenConstraint() {
        @Override
        public void restrict(float[] logits) {}

        @Override
        public void accept(int token) {}
    };

    /** Sets the logits of tokens that may not come next to negative infinity; at least one must stay. */
    void restrict(float[] logits);

    /** Takes note of the token that was chosen. */
    void accept(int token);
}
