package konsil.clinic.dictation;

/**
 * One stretch of raw text and what became of it. Positions count UTF-16 units, ends are exclusive.
 *
 * @param kind what happened
 * @param start where its text starts in the formatted text
 * @param end where it ends there; equal to start if nothing of it is to be seen
 * @param rawStart where it starts in the raw text
 * @param rawEnd where it ends there
 */
public record Span(Kind kind, int start, int end, int rawStart, int rawEnd) {
    /** What happened to a stretch of raw text. */
    public enum Kind {
        /** As said; at most its first letter became a capital. */
        KEPT,
        /** Said in words, written as a number, quantity, date, level or stage. */
        REWRITTEN,
        /** A spoken command, now its mark or line break; of no length where it adds nothing. */
        COMMAND,
        /** A heading. */
        HEADING,
        /** Something in brackets that is no known command, left as it is. */
        UNKNOWN,
        /** Taken back by "scratch that", or the words "scratch that" themselves. */
        SCRATCHED,
        /** A mark of the model without meaning for readers, such as the end of an utterance. */
        DROPPED
    }
}
