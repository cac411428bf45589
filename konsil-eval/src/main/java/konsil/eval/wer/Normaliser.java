package konsil.eval.wer;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * How a text is made comparable before its words are counted. MedASR's publisher uses two ways that differ, so a rate
 * means little without the name of its normaliser. Both lower the case, delete the mark {@code </s>}, and join what is
 * left by single spaces.
 */
public enum Normaliser {
    /** As it is; words are what white space separates. */
    NONE("none"),
    /**
     * Everything but a-z, 0-9 and the apostrophe becomes a space: "54-year-old" is three words. Source: MedASR quick
     * start notebook.
     */
    QUICK_START("quick-start"),
    /**
     * Everything but a-z, 0-9 and white space is deleted: "54-year-old" is one word. Source: MedASR fine-tune notebook.
     */
    FINE_TUNE("fine-tune");

    private static final String END_OF_UTTERANCE = "</s>";

    private final String label;

    Normaliser(String label) {
        this.label = label;
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /** Words joined by single spaces, without a space at either end. */
    public String apply(String text) {
        return switch (this) {
            case NONE -> squeezed(text);
            case QUICK_START -> squeezed(replaced(lowered(text), c -> isLetterOrDigit(c) || c == '\'', " "));
            case FINE_TUNE -> squeezed(replaced(lowered(text), c -> isLetterOrDigit(c) || isSpace(c), ""));
        };
    }

    private static String lowered(String text) {
        return text.toLowerCase(Locale.ROOT).replace(END_OF_UTTERANCE, "");
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static String replaced(String text, IntPredicate keep, String by) {
        var result = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (keep.test(c)) result.appendCodePoint(c);
            else result.append(by);
        });
        return result.toString();
    }

    private static String squeezed(String text) {
        var result = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isSpace(c)) {
                gap = true;
                continue;
            }
            if (gap && !result.isEmpty()) result.append(' ');
            gap = false;
            result.append(c);
        }
        return result.toString();
    }

    /** White space as the reference has it: Java leaves out the spaces that forbid a line break, and U+0085. */
    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
