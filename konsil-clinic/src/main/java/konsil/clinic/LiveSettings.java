package konsil.clinic;

import konsil.media.audio.VoiceActivity;

/**
 * How speech is written down while it is spoken. All lengths are frames of the network's output, 40 ms each in MedASR.
 *
 * @param interval from one run of the network to the next
 * @param lag frames this close to the newest may still change
 * @param settle frames behind those after which the search must decide
 * @param window frames that a run looks at, of what is being said now
 * @param voice what counts as speech and when it has ended
 */
public record LiveSettings(int interval, int lag, int settle, int window, VoiceActivity.Settings voice) {
    /**
     * A run every 0.32 s over 12 s at most; words are certain 0.8 s after the sound and decided 0.2 s later: with the
     * 0.07 s that the middle of a frame lies behind, at most 1.4 s and the time of one run after they were said.
     */
    public static final LiveSettings DEFAULT = new LiveSettings(8, 20, 5, 300, VoiceActivity.Settings.usual());

    public LiveSettings {
        if (interval < 1 || lag < 0 || settle < 0 || window < lag + 2 * interval) {
            throw new IllegalArgumentException("live: want an interval of at least a frame, a lag and a window that is"
                    + " longer than both, got %d, %d, %d, %d".formatted(interval, lag, settle, window));
        }
    }
}
