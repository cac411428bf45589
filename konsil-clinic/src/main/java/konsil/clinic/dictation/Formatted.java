package konsil.clinic.dictation;

import java.util.List;
import java.util.Optional;

/**
 * Dictation for readers, beside what the model wrote.
 *
 * @param text the formatted text
 * @param raw the text as it came, unchanged
 * @param spans in the order of the raw text; every character of it but white space lies in exactly one
 */
public record Formatted(String text, String raw, List<Span> spans) {
    public Formatted {
        spans = List.copyOf(spans);
    }

    /**
     * Words of the raw text, counted from 0 as white space separates them.
     *
     * @param first the first
     * @param last the last, inclusive
     */
    public record Words(int first, int last) {}

    /**
     * The stretch that the character at a position comes from; none for spaces that formatting put between words.
     *
     * @param position 0 to the text's length - 1
     */
    public Optional<Span> at(int position) {
        int low = 0;
        int high = spans.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Span span = spans.get(middle);
            if (position < span.start()) high = middle - 1;
            else if (position >= span.end()) low = middle + 1;
            else return Optional.of(span);
        }
        return Optional.empty();
    }

    /** The raw words behind the character at a position, to look their times up. */
    public Optional<Words> rawWords(int position) {
        return at(position).map(span -> new Words(wordAt(span.rawStart()), wordAt(span.rawEnd() - 1)));
    }

    private int wordAt(int rawPosition) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i <= rawPosition; i++) {
            boolean space = Character.isWhitespace(raw.charAt(i));
            if (!space && !inside) words++;
            inside = !space;
        }
        return Math.max(0, words - 1);
    }
}
