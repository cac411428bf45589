package konsil.train.asr;

import java.io.IOException;

/**
 * A clip with what is said in it, ready to be learnt from.
 *
 * @param sound its samples
 * @param samples how many
 * @param labels tokens of the text
 */
@SuppressWarnings("ArrayRecordComponent")
public record Dictation(Sound sound, int samples, int[] labels, String text) {
    /** Where samples come from. */
    public interface Sound {
        /**
         * All samples, -1 to 1 at 16 kHz; the caller's to change.
         *
         * @throws IOException when the disk fails
         */
        float[] read() throws IOException;
    }
}
