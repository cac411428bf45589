package konsil.medgemma.generation;

/** Hears how an answer comes about, on the engine's thread: must be quick, must not call the engine. */
public interface GenerationListener {
    /**
     * So much of the prompt has been read.
     *
     * @param reused tokens at its beginning that the engine still knew
     */
    default void read(int tokens, int total, int reused) {}

    /** A token was chosen that belongs to the answer. */
    void token(Choice choice);
}
