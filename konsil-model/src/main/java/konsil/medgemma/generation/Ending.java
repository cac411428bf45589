package konsil.medgemma.generation;

/** Why an answer ended. */
public enum Ending {
    /** The model said that it is done. */
    STOP_TOKEN,
    /** It may not become longer. */
    LENGTH,
    /** Whoever asked no longer wants it. */
    CANCELLED
}
