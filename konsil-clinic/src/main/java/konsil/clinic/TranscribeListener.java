package konsil.clinic;

import java.util.OptionalDouble;

/** Hears how far a transcription is. Called on the thread that transcribes; must be quick. */
public interface TranscribeListener {
    /** Hears nothing. */
    TranscribeListener SILENT = new TranscribeListener() {};

    /**
     * So much sound has been taken in.
     *
     * @param total seconds, where the recording says how long it is
     */
    default void heard(double seconds, OptionalDouble total) {}

    /** Asked between blocks of sound: true ends the recording there. */
    default boolean cancelled() {
        return false;
    }
}
