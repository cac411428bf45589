package konsil.train.tokenizer;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import konsil.tensor.BadInputException;
import konsil.text.Tokenizer;

/**
 * The words of texts and how often each occurs, sorted, so that training does not depend on the order of the texts. A
 * word starts with the marks of the spaces before it ({@link Tokenizer#SPACE_MARK}), as a tokenizer sees it.
 */
public final class Words {
    /** Longer ones are counted in parts; what is learnt from them is the same but at the cuts. */
    private static final int LONGEST = 256;

    private static final int MOST = 2_000_000;
    private static final char MARK = Tokenizer.SPACE_MARK;

    /** How a text is cut into words. */
    public enum Cutting {
        /** Before each run of spaces, and at line breaks, which are tokens of their own; every space counts. */
        SPACES,
        /** At white space of any kind; each word has one mark, the first one too. */
        WHITE_SPACE
    }

    private final Cutting cutting;
    private final TreeMap<String, Long> counts = new TreeMap<>();

    public Words(Cutting cutting) {
        this.cutting = cutting;
    }

    /**
     * Counts the words of a text. Lone surrogates count as U+FFFD.
     *
     * @throws BadInputException if there are more than two million different words by now
     */
    public void add(String text) {
        switch (cutting) {
            case SPACES -> addSpaced(text);
            case WHITE_SPACE -> addWords(text);
        }
    }

    /** Each word with how often it was counted, in the order of their characters. */
    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    private void addSpaced(String text) {
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            boolean end = at == text.length() || text.charAt(at) == '\n';
            boolean next = !end && at > start && space(text.charAt(at)) && !space(text.charAt(at - 1));
            if (end || next) {
                count(text.substring(start, at).replace(' ', MARK));
                start = end ? at + 1 : at;
            }
        }
    }

    private static boolean space(char c) {
        return c == ' ' || c == MARK;
    }

    private void addWords(String text) {
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\u00a0') {
                if (at > start) count(MARK + text.substring(start, at));
                start = at + 1;
            }
        }
    }

    private void count(String word) {
        for (int at = 0; at < word.length(); ) {
            int end = Math.min(word.length(), at + LONGEST);
            if (end < word.length() && Character.isLowSurrogate(word.charAt(end))) end--;
            counts.merge(wellFormed(word.substring(at, end)), 1L, Long::sum);
            at = end;
        }
        if (counts.size() > MOST) {
            throw new BadInputException(
                    "the texts have more than %d different words; train on a part of them".formatted(MOST));
        }
    }

    private static String wellFormed(String word) {
        var text = new StringBuilder(word.length());
        word.codePoints().forEach(c -> text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 0xfffd : c));
        return text.toString();
    }

    /** Whether a text is one word: no white space, no mark of a space, no lone surrogates. */
    static boolean plain(String word) {
        return word.codePoints()
                .noneMatch(c -> Character.isWhitespace(c) || c == 0xa0 || c == MARK || c >= 0xd800 && c < 0xe000);
    }
}
