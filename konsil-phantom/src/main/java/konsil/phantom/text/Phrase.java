package konsil.phantom.text;

import java.util.Locale;

/** Short forms of what reports say. */
final class Phrase {
    private Phrase() {}

    static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    static String sign(boolean positive) {
        return positive ? "positive" : "negative";
    }

    /** A size in millimetres or, with one decimal, in centimetres. */
    static String size(int mm, Chance chance) {
        String cm = String.format(Locale.ROOT, "%.1f", mm / 10.0);
        return chance.of(
                "Tumor size %d mm.".formatted(mm),
                "The tumor measures %d mm.".formatted(mm),
                "The tumor measures %s cm in greatest dimension.".formatted(cm));
    }
}
