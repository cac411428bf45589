package konsil.clinic.dictation;

import java.util.List;
import java.util.Locale;

/** Dictation as phrase rules see it: words that stand free between spaces or marks. Everything else reads as "". */
record Words(List<Token> tokens) {
    /** The word at a position, lower case; "" if there is none, or it is glued to another. */
    String at(int i) {
        return said(i).toLowerCase(Locale.ROOT);
    }

    /** The word as it came. */
    String said(int i) {
        return isFree(i) ? tokens.get(i).text() : "";
    }

    boolean isComma(int i) {
        return i < tokens.size()
                && (tokens.get(i).isPunctuation(",") || tokens.get(i).is(Mark.COMMA));
    }

    private boolean isFree(int i) {
        if (i < 0 || i >= tokens.size() || !tokens.get(i).is(Token.Kind.WORD)) return false;
        boolean gluedLeft = i > 0
                && !tokens.get(i).spaced()
                && (tokens.get(i - 1).is(Token.Kind.WORD) || tokens.get(i - 1).is(Token.Kind.UNKNOWN));
        boolean gluedRight = i + 1 < tokens.size()
                && !tokens.get(i + 1).spaced()
                && (tokens.get(i + 1).is(Token.Kind.WORD) || tokens.get(i + 1).is(Token.Kind.UNKNOWN));
        return !gluedLeft && !gluedRight;
    }
}
