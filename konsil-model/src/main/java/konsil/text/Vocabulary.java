package konsil.text;

import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.List;

/** The texts of all tokens, by id, one behind the other. */
final class Vocabulary {
    /** Tokens of one vocabulary, and at most as many extra symbols; Gemma 3 has 262,145. */
    static final int MAX_SIZE = 1 << 20;

    private final char[] chars;
    private final int[] starts;

    /**
     * @param chars the texts
     * @param starts where each begins, and after the last where it ends: one more than there are tokens
     */
    Vocabulary(char[] chars, int[] starts) {
        this.chars = chars;
        this.starts = starts;
    }

    int size() {
        return starts.length - 1;
    }

    String text(int id) {
        return new String(chars, starts[id], length(id));
    }

    int length(int id) {
        return starts[id + 1] - starts[id];
    }

    char first(int id) {
        return chars[starts[id]];
    }

    char charAt(int id, int index) {
        return chars[starts[id] + index];
    }

    char last(int id) {
        return chars[starts[id + 1] - 1];
    }

    /** The character that is all of this token, or -1 if it has none or several. */
    int onlyCodePoint(int id) {
        int length = length(id);
        int start = starts[id];
        if (length == 1) {
            return chars[start];
        }
        return length == 2 && Character.isSurrogatePair(chars[start], chars[start + 1])
                ? Character.toCodePoint(chars[start], chars[start + 1])
                : -1;
    }

    /** The byte that a token such as {@code <0x0A>} stands for, or -1 if it stands for itself. */
    int byteValue(int id) {
        int at = starts[id];
        if (length(id) != 6 || chars[at] != '<' || chars[at + 1] != '0' || chars[at + 2] != 'x' || last(id) != '>') {
            return -1;
        }
        int high = hexDigit(chars[at + 3]);
        int low = hexDigit(chars[at + 4]);
        return high < 0 || low < 0 ? -1 : 16 * high + low;
    }

    /** As Rust reads hexadecimal digits: ASCII alone. */
    private static int hexDigit(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    /** The id of a text, or -1; looks at every token. */
    int find(String text) {
        for (int id = 0; id < size(); id++) {
            if (length(id) == text.length() && text.contentEquals(CharBuffer.wrap(chars, starts[id], length(id)))) {
                return id;
            }
        }
        return -1;
    }

    /** The same with more tokens at the end. */
    Vocabulary and(List<String> more) {
        int[] moreStarts = Arrays.copyOf(starts, starts.length + more.size());
        var text = new StringBuilder();
        for (int i = 0; i < more.size(); i++) {
            text.append(more.get(i));
            moreStarts[starts.length + i] = chars.length + text.length();
        }
        char[] moreChars = Arrays.copyOf(chars, chars.length + text.length());
        text.getChars(0, text.length(), moreChars, chars.length);
        return new Vocabulary(moreChars, moreStarts);
    }

    char[] chars() {
        return chars;
    }

    int[] starts() {
        return starts;
    }
}
