package konsil.clinic;

import konsil.text.ThoughtSplitter.Part;

/** Hears how an answer comes about. Called on several threads, never on two at once; must be quick. */
public interface AnswerListener {
    /** Hears nothing. */
    AnswerListener SILENT = new AnswerListener() {};

    /** The prompt is known: so many tokens, so many pictures among them. */
    default void asked(int tokens, int pictures) {}

    /** So many of the pictures have been looked at, or were known. */
    default void seen(int pictures, int total) {}

    /** So much of the prompt has been read. */
    default void read(int tokens, int total) {}

    /** More of the thought or of the answer. */
    default void said(Part part) {}

    /** Asked between tokens and pictures: true ends the answer where it stands. */
    default boolean cancelled() {
        return false;
    }
}
