package konsil.clinic.dictation;

import java.util.Optional;

/**
 * One piece of dictation between scanning and writing.
 *
 * @param kind what it is
 * @param text what is written for it, before capitals
 * @param mark the command's mark, for commands alone
 * @param rawStart where it starts in the raw text
 * @param rawEnd where it ends there, exclusive
 * @param spaced whether white space stands before it in the raw text
 */
record Token(Kind kind, String text, Optional<Mark> mark, int rawStart, int rawEnd, boolean spaced) {
    enum Kind {
        WORD,
        /** Marks that the model wrote as such, split from their word. */
        PUNCTUATION,
        /** What a phrase rule wrote in place of words. */
        REWRITTEN,
        COMMAND,
        HEADING,
        UNKNOWN,
        SCRATCHED,
        DROPPED
    }

    static Token of(Kind kind, String text, int rawStart, int rawEnd, boolean spaced) {
        return new Token(kind, text, Optional.empty(), rawStart, rawEnd, spaced);
    }

    static Token command(Mark mark, int rawStart, int rawEnd, boolean spaced) {
        return new Token(Kind.COMMAND, mark.text(), Optional.of(mark), rawStart, rawEnd, spaced);
    }

    Token scratched() {
        return kind == Kind.DROPPED ? this : of(Kind.SCRATCHED, "", rawStart, rawEnd, spaced);
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean is(Mark wanted) {
        return mark.isPresent() && mark.get() == wanted;
    }

    boolean isPunctuation(String wanted) {
        return kind == Kind.PUNCTUATION && text.equals(wanted);
    }

    /** Nothing of it will be seen. */
    boolean silent() {
        return kind == Kind.SCRATCHED || kind == Kind.DROPPED;
    }
}
