package konsil.clinic;

import java.util.List;
import konsil.medgemma.generation.Choice;

/**
 * What a model said.
 *
 * @param answer empty when it is not {@code answered}
 * @param thought what it thought before, empty if it did not
 * @param answered false when the model was stopped while it was still thinking: there is no answer yet
 * @param choices every token that was chosen, with its log probability
 * @param provenance what produced it
 */
public record Reply(
        String answer,
        String thought,
        boolean answered,
        End end,
        List<Choice> choices,
        Usage usage,
        Provenance provenance) {
    /** Why it ended. */
    public enum End {
        /** The model was done. */
        DONE,
        /** One of the stop texts came. */
        STOP_TEXT,
        /** It may not become longer. */
        LENGTH,
        /** Whoever asked no longer wants it. */
        CANCELLED
    }

    /**
     * What it cost.
     *
     * @param promptTokens tokens of the prompt, soft tokens of pictures included
     * @param reusedTokens of them, those that were still known and not read again
     * @param replyTokens tokens of thought and answer
     * @param views pictures and parts of pictures that the model saw
     * @param knownViews of them, those that were seen before
     * @param cacheBytes keys and values in memory
     * @param imageSeconds looking at pictures
     * @param promptSeconds from then to the first token
     * @param replySeconds from the first token to the last
     */
    public record Usage(
            int promptTokens,
            int reusedTokens,
            int replyTokens,
            int views,
            int knownViews,
            long cacheBytes,
            double imageSeconds,
            double promptSeconds,
            double replySeconds) {}
}
