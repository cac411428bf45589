package konsil.clinic.dictation;

import java.util.Optional;

/** Recognises phrases that are written otherwise than said. In doubt it recognises nothing. */
@FunctionalInterface
interface PhraseRule {
    /**
     * A phrase.
     *
     * @param tokens how many tokens it spans, 1 or more
     * @param text what is written
     */
    record Phrase(int tokens, String text) {}

    /** The phrase that starts at a position. */
    Optional<Phrase> at(Words words, int i);
}
