package konsil.train.run;

/** Is told how far a run is; called on the thread that runs it. */
public interface RunListener {
    /** Tells nobody. */
    RunListener SILENT = new RunListener() {};

    /** The run begins or goes on. @param done steps that were taken before */
    default void begins(long done, long total) {}

    /** A step was taken. @param tokens that were read for it */
    default void stepped(long step, double figure, long tokens) {}

    /** The held-out set was looked at. @param best whether no figure was better before */
    default void heldOut(long step, double figure, boolean best) {}
}
