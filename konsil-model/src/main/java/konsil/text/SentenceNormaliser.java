package konsil.text;

import java.util.Optional;

/**
 * SentencePiece's normaliser with its usual settings: characters are replaced by the table, spaces become marks, one
 * mark is put in front, several spaces become one, those at both ends go.
 */
final class SentenceNormaliser {
    private SentenceNormaliser() {}

    static String of(Optional<Charsmap> charsmap, String text) {
        var to = new StringBuilder(text.length() + 1);
        boolean afterSpace = true;
        if (charsmap.isEmpty()) {
            for (int at = 0; at < text.length(); at++) {
                afterSpace = append(text.substring(at, at + 1), afterSpace, to);
            }
        } else {
            var reader = charsmap.get().new Reader(text);
            while (reader.hasNext()) {
                afterSpace = append(reader.next(), afterSpace, to);
            }
        }
        int end = to.length();
        while (end > 0 && to.charAt(end - 1) == Tokenizer.SPACE_MARK) {
            end--;
        }
        return to.substring(0, end);
    }

    /** @return whether what has been written ends with a space */
    private static boolean append(String part, boolean afterSpace, StringBuilder to) {
        int from = 0;
        while (afterSpace && from < part.length() && part.charAt(from) == ' ') {
            from++;
        }
        if (from == part.length()) {
            return afterSpace;
        }
        if (to.isEmpty()) {
            to.append(Tokenizer.SPACE_MARK);
        }
        to.append(part.substring(from).replace(' ', Tokenizer.SPACE_MARK));
        return part.endsWith(" ");
    }
}
