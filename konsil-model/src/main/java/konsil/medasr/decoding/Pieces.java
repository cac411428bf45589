package konsil.medasr.decoding;

import java.util.List;

/**
 * The texts of MedASR's tokens, in which U+2581 stands for a space. The first four have a meaning of their own: blank,
 * beginning, end, unknown.
 *
 * @param texts by id
 */
public record Pieces(List<String> texts) {
    public static final int BLANK = 0;
    public static final int BEGIN = 1;
    public static final int END = 2;
    public static final int UNKNOWN = 3;

    static final char SPACE = '\u2581';

    public Pieces {
        texts = List.copyOf(texts);
        if (texts.size() <= UNKNOWN) {
            throw new IllegalArgumentException("want more than 4 pieces, got " + texts.size());
        }
    }

    public int size() {
        return texts.size();
    }

    /** Whether a token is part of the text that was said. */
    public boolean spoken(int token) {
        return token > UNKNOWN;
    }

    /** Whether a token goes on with the word before it: its first character is a letter or a digit. */
    boolean continuesWord(int token) {
        String text = texts.get(token);
        return spoken(token) && !text.isEmpty() && Character.isLetterOrDigit(text.codePointAt(0));
    }

    /** Whether a word could go on behind a token: its last character is a letter or a digit. */
    boolean endsInWord(int token) {
        String text = texts.get(token);
        return spoken(token) && !text.isEmpty() && Character.isLetterOrDigit(text.codePointBefore(text.length()));
    }

    /** The text of tokens: spaces in place of U+2581, none at either end; blanks and tokens without text left out. */
    public String text(int... tokens) {
        var text = new StringBuilder();
        for (int token : tokens) {
            if (spoken(token)) {
                text.append(texts.get(token));
            }
        }
        return spaced(text);
    }

    static String spaced(CharSequence pieces) {
        return pieces.toString().replace(SPACE, ' ').strip();
    }
}
