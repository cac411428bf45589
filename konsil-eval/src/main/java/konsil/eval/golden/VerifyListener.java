package konsil.eval.golden;

/** Is told how far a verification is; called on the thread that runs it. */
public interface VerifyListener {
    /** Tells nobody. */
    VerifyListener SILENT = new VerifyListener() {
        @Override
        public void begin(String label, int steps) {}

        @Override
        public void advance() {}
    };

    /** A part of so many steps begins, and the one before has ended. */
    void begin(String label, int steps);

    /** One step of the part is done. */
    void advance();
}
