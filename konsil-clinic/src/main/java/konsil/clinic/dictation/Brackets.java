package konsil.clinic.dictation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what stands in brackets, and what should: commands in braces, headings in square brackets. MedASR spells both
 * from ordinary pieces, so single brackets get lost, doubled or put in the middle: <code>{next} line}</code>,
 * <code>{next line</code>, <code>xt line}</code>.
 */
final class Brackets {
    private static final int LONGEST = 48;
    private static final int MOST_WORDS = 3;
    private static final Set<String> HEADINGS = Set.of(
            "EXAM TYPE",
            "EXAM",
            "EXAMINATION",
            "INDICATION",
            "CLINICAL INDICATION",
            "CLINICAL HISTORY",
            "HISTORY",
            "TECHNIQUE",
            "COMPARISON",
            "FINDINGS",
            "IMPRESSION",
            "CONCLUSION",
            "RECOMMENDATION",
            "RECOMMENDATIONS");

    private final String raw;
    private final boolean repairs;

    /** @param repairs whether damaged brackets are read too */
    Brackets(String raw, boolean repairs) {
        this.raw = raw;
        this.repairs = repairs;
    }

    /** A command's mark and where it ends. */
    record Command(Mark mark, int end) {}

    /** A heading's words and where it ends. */
    record Heading(String words, int end) {}

    /** A command that starts with the opening brace at a position. */
    Optional<Command> command(int at) {
        int start = at + 1;
        if (repairs) {
            while (start < raw.length() && (raw.charAt(start) == '{' || raw.charAt(start) == ' ')) start++;
        }
        int limit = Math.min(raw.length(), start + LONGEST);
        for (int i = start; i < limit && raw.charAt(i) != '{'; i++) {
            if (raw.charAt(i) == '}') {
                var mark = named(start, i);
                if (mark.isPresent()) return Optional.of(new Command(mark.get(), afterClosing(i + 1)));
                if (!repairs) return Optional.empty();
            }
        }
        return repairs ? unclosed(start) : Optional.empty();
    }

    private Optional<Mark> named(int from, int to) {
        return repairs
                ? Mark.named(letters(raw.substring(from, to)))
                : Mark.named(raw.substring(from, to).replace(" ", ""));
    }

    private int afterClosing(int at) {
        int end = at;
        while (repairs && end < raw.length() && raw.charAt(end) == '}') end++;
        return end;
    }

    /** The longest command that the next words spell, whose closing brace is missing. */
    private Optional<Command> unclosed(int start) {
        Optional<Command> best = Optional.empty();
        int end = start;
        for (int words = 0; words < MOST_WORDS; words++) {
            while (end < raw.length() && (raw.charAt(end) == ' ' || raw.charAt(end) == '}')) end++;
            while (end < raw.length() && end - start < LONGEST && Character.isLetter(raw.charAt(end))) end++;
            if (end < raw.length() && Character.isLetterOrDigit(raw.charAt(end))) break;
            var mark = Mark.named(letters(raw.substring(start, end)));
            if (mark.isPresent()) best = Optional.of(new Command(mark.get(), end));
        }
        return best;
    }

    /** Where something well formed in brackets ends, known or not; -1 if it is not well formed. */
    int closing(int at, char close) {
        int limit = Math.min(raw.length(), at + LONGEST + 2);
        for (int i = at + 1; i < limit; i++) {
            char c = raw.charAt(i);
            if (c == close) return i == at + 1 ? -1 : i + 1;
            if ("{}[]\n".indexOf(c) >= 0) return -1;
        }
        return -1;
    }

    /** The words just before a closing brace without an opening one: the tokens that they are, and their mark. */
    record Lost(int tokens, Mark mark) {}

    /** @param before the tokens up to a closing brace */
    Optional<Lost> commandBefore(List<Token> before) {
        if (!repairs) return Optional.empty();
        Optional<Lost> best = Optional.empty();
        var letters = new StringBuilder();
        int words = Math.min(MOST_WORDS, before.size());
        for (int n = 1; n <= words; n++) {
            Token token = before.get(before.size() - n);
            if (!token.is(Token.Kind.WORD)) break;
            letters.insert(0, letters(token.text()));
            var exact = Mark.named(letters.toString());
            if (exact.isPresent()) return Optional.of(new Lost(n, exact.get()));
            var mark = Mark.endingIn(letters.toString());
            if (mark.isPresent()) best = Optional.of(new Lost(n, mark.get()));
        }
        return best;
    }

    /** A heading that starts with the opening bracket at a position. */
    Optional<Heading> heading(int at) {
        int end = closing(at, ']');
        if (end > 0) {
            String words = raw.substring(at + 1, end - 1).strip().replaceAll("\\s+", " ");
            return isHeading(words) ? Optional.of(new Heading(words, end)) : Optional.empty();
        }
        if (!repairs) return Optional.empty();
        int start = at + 1;
        while (start < raw.length() && (raw.charAt(start) == ' ' || raw.charAt(start) == '[')) start++;
        String best = "";
        for (String words : HEADINGS) {
            if (words.length() > best.length() && isWholeWords(words, start)) best = words;
        }
        if (best.isEmpty()) return Optional.empty();
        int after = start + best.length();
        while (after < raw.length() && raw.charAt(after) == ']') after++;
        return Optional.of(new Heading(best, after));
    }

    private boolean isWholeWords(String words, int start) {
        int after = start + words.length();
        return raw.startsWith(words, start) && (after == raw.length() || !Character.isLetterOrDigit(raw.charAt(after)));
    }

    /** How many of the last words are a known heading, before a closing bracket without an opening one; 0 if none. */
    int headingBefore(List<Token> before) {
        if (!repairs) return 0;
        int best = 0;
        var words = new StringBuilder();
        for (int n = 1; n <= Math.min(2, before.size()); n++) {
            Token token = before.get(before.size() - n);
            if (!token.is(Token.Kind.WORD)) break;
            words.insert(0, n == 1 ? token.text() : token.text() + " ");
            if (HEADINGS.contains(words.toString())) best = n;
        }
        return best;
    }

    /** Words in capitals, as MedASR writes headings; anything else in square brackets is left alone. */
    private static boolean isHeading(String words) {
        return words.matches("[A-Z][A-Z0-9 /&,'()-]*")
                && words.chars().filter(Character::isLetter).count() >= 2;
    }

    private static String letters(String text) {
        var letters = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '}' && c != ' ') letters.append(c);
        }
        return letters.toString().toLowerCase(Locale.ROOT);
    }
}
