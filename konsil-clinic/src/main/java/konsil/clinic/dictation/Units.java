package konsil.clinic.dictation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Units of measurement as they are said, and as they are written. */
final class Units {
    private static final Map<String, String> SYMBOLS = symbols();
    private static final Map<String, String> RATES = Map.of(
            "minute",
            "min",
            "hour",
            "h",
            "day",
            "day",
            "second",
            "s",
            "kilogram",
            "kg",
            "deciliter",
            "dL",
            "liter",
            "L",
            "milliliter",
            "mL");
    private static final Set<String> TIMES =
            Set.of("minutes", "hours", "hour", "day", "days", "week", "weeks", "month", "months", "year", "years");
    private static final Set<String> WRITTEN = Set.of("mm", "cm", "kg", "mg", "mcg", "mL", "dL", "mmHg", "bpm", "HU");

    private Units() {}

    /**
     * A unit.
     *
     * @param text as written, with the space that belongs between number and unit
     * @param tokens how many tokens say it
     * @param time whether it is a stretch of time, where "one" often is no number
     */
    record Unit(String text, int tokens, boolean time) {}

    /** The unit that is said from a position on, the longest that fits. */
    static Optional<Unit> at(Words words, int i) {
        return phrase(words, i).or(() -> simple(words, i)).map(unit -> withRate(words, i, unit));
    }

    private static Optional<Unit> phrase(Words words, int i) {
        String two = singular(words.at(i)) + " " + singular(words.at(i + 1));
        String three = two + " " + singular(words.at(i + 2));
        return switch (three) {
            case "millimeter of mercury" -> Optional.of(new Unit(" mmHg", 3, false));
            case "beat per minute" -> Optional.of(new Unit(" bpm", 3, false));
            default ->
                switch (two) {
                    case "hounsfield unit" -> Optional.of(new Unit(" HU", 2, false));
                    case "per cent" -> Optional.of(new Unit("%", 2, false));
                    case "degree celsius" -> Optional.of(new Unit(" °C", 2, false));
                    case "degree fahrenheit" -> Optional.of(new Unit(" °F", 2, false));
                    case "square centimeter" -> Optional.of(new Unit(" cm²", 2, false));
                    case "square millimeter" -> Optional.of(new Unit(" mm²", 2, false));
                    case "square meter" -> Optional.of(new Unit(" m²", 2, false));
                    case "cubic centimeter" -> Optional.of(new Unit(" cm³", 2, false));
                    case "cubic millimeter" -> Optional.of(new Unit(" mm³", 2, false));
                    default -> Optional.empty();
                };
        };
    }

    private static Optional<Unit> simple(Words words, int i) {
        String word = words.at(i);
        if (word.equals("percent") || word.equals("%")) return Optional.of(new Unit("%", 1, false));
        if (word.equals("degrees") || word.equals("degree")) return Optional.of(new Unit("°", 1, false));
        if (word.equals("o'clock")) return Optional.of(new Unit(" o'clock", 1, false));
        if (TIMES.contains(word)) return Optional.of(new Unit(" " + words.said(i), 1, true));
        if (WRITTEN.contains(words.said(i))) return Optional.of(new Unit(" " + words.said(i), 1, false));
        return Optional.ofNullable(SYMBOLS.get(singular(word))).map(symbol -> new Unit(" " + symbol, 1, false));
    }

    private static Unit withRate(Words words, int i, Unit unit) {
        if (unit.time() || !words.at(i + unit.tokens()).equals("per")) return unit;
        String below = RATES.get(singular(words.at(i + unit.tokens() + 1)));
        if (below == null) return unit;
        return new Unit(unit.text() + "/" + below, unit.tokens() + 2, false);
    }

    /** Without the plural's s, in American spelling. */
    private static String singular(String word) {
        String single = word.length() > 3 && word.endsWith("s") && !word.equals("celsius")
                ? word.substring(0, word.length() - 1)
                : word;
        boolean british = single.endsWith("metre") || single.endsWith("litre");
        return british ? single.substring(0, single.length() - 2) + "er" : single;
    }

    private static Map<String, String> symbols() {
        Map<String, String> all = new HashMap<>();
        all.put("millimeter", "mm");
        all.put("centimeter", "cm");
        all.put("meter", "m");
        all.put("kilogram", "kg");
        all.put("gram", "g");
        all.put("milligram", "mg");
        all.put("microgram", "mcg");
        all.put("liter", "L");
        all.put("deciliter", "dL");
        all.put("milliliter", "mL");
        all.put("millisecond", "ms");
        all.put("milligray", "mGy");
        all.put("millimole", "mmol");
        all.put("milliequivalent", "mEq");
        return Map.copyOf(all);
    }
}
