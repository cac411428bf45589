package konsil.medgemma;

/** Is told how far a model is loaded; called on the thread that loads. */
@FunctionalInterface
public interface LoadProgress {
    /** Tells nobody. */
    LoadProgress SILENT = (done, total) -> {};

    /** So many of all tensors are there. */
    void loaded(int done, int total);
}
