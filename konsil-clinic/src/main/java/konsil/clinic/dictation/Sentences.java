package konsil.clinic.dictation;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Where sentences end. */
final class Sentences {
    private static final Set<String> ABBREVIATIONS =
            Set.of("dr", "mr", "mrs", "ms", "st", "vs", "approx", "fig", "no", "cf", "ca", "etc", "dept", "prof");

    private Sentences() {}

    /** Whether a sentence is over after a token; a point that belongs to an abbreviation ends none. */
    static boolean endsAfter(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        if (token.is(Token.Kind.HEADING)) return true;
        if (token.mark().isPresent()) return token.mark().get().ends();
        if (token.isPunctuation("?") || token.isPunctuation("!")) return true;
        return token.isPunctuation(".") && !(i > 0 && isAbbreviation(tokens.get(i - 1)));
    }

    private static boolean isAbbreviation(Token before) {
        if (!before.is(Token.Kind.WORD)) return false;
        String word = before.text().toLowerCase(Locale.ROOT);
        return word.indexOf('.') >= 0
                || (word.length() == 1 && Character.isLetter(word.charAt(0)))
                || ABBREVIATIONS.contains(word);
    }
}
