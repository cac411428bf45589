package konsil.clinic.dictation;

import java.util.Optional;
import konsil.clinic.dictation.NumberWords.Written;

/** Quantities with units, ranges and dimensions of them, ages, decimal fractions, and whole numbers from ten up. */
final class Quantities implements PhraseRule {
    private static final int LONGEST_CHAIN = 4;

    @Override
    public Optional<Phrase> at(Words words, int i) {
        return age(words, i).or(() -> minus(words, i)).or(() -> chain(words, i)).or(() -> alone(words, i));
    }

    /** "fifty four year old" is 54-year-old. */
    private static Optional<Phrase> age(Words words, int i) {
        var number = NumberWords.whole(words, i);
        if (number.isEmpty()) return Optional.empty();
        int next = i + number.get().tokens();
        String unit = words.at(next);
        if (unit.matches("(year|month|week|day)-old")) {
            return Optional.of(new Phrase(next + 1 - i, number.get().value() + "-" + unit));
        }
        if (!unit.matches("year|month|week|day") || !words.at(next + 1).equals("old")) return Optional.empty();
        return Optional.of(
                new Phrase(next + 2 - i, "%d-%s-old".formatted(number.get().value(), unit)));
    }

    private static Optional<Phrase> minus(Words words, int i) {
        if (!words.at(i).equals("minus")) return Optional.empty();
        return chain(words, i + 1).map(rest -> new Phrase(rest.tokens() + 1, "-" + rest.text()));
    }

    /** Numbers joined by "to" or "by", each with a unit or not, the last one with. */
    private static Optional<Phrase> chain(Words words, int i) {
        Optional<Phrase> best = Optional.empty();
        var text = new StringBuilder();
        int at = i;
        for (int n = 0; n < LONGEST_CHAIN; n++) {
            var number = NumberWords.number(words, at);
            if (number.isEmpty()) break;
            text.append(number.get().text());
            at += number.get().tokens();
            var unit = Units.at(words, at);
            if (unit.isPresent()) {
                text.append(unit.get().text());
                at += unit.get().tokens();
                boolean oneOfThem = n == 0 && unit.get().time() && words.at(i).equals("one");
                if (!oneOfThem) best = Optional.of(new Phrase(at - i, text.toString()));
            }
            String joint = joint(words, i, at);
            if (joint.isEmpty()) break;
            text.append(joint);
            at++;
        }
        return best;
    }

    private static String joint(Words words, int start, int at) {
        return switch (words.at(at)) {
            case "by", "x" -> " x ";
            case "to" -> " to ";
            case "and" -> words.at(start - 1).equals("between") ? " and " : "";
            default -> "";
        };
    }

    /** A decimal fraction, or a whole number from ten up that stands by itself. */
    private static Optional<Phrase> alone(Words words, int i) {
        var ordinal = NumberWords.compoundOrdinal(words, i);
        if (ordinal.isPresent()) {
            return Optional.of(
                    new Phrase(ordinal.get().tokens(), suffixed(ordinal.get().value())));
        }
        var number = NumberWords.number(words, i);
        if (number.isEmpty()) return Optional.empty();
        Written written = number.get();
        int next = i + written.tokens();
        boolean fraction = written.text().indexOf('.') >= 0;
        boolean surely = fraction
                ? written.tokens() > 1 && !words.at(i).equals("point")
                : written.text().length() > 1 && !hasNeighbour(words, i, next);
        return surely ? Optional.of(new Phrase(written.tokens(), written.text())) : Optional.empty();
    }

    /** "five to ten", "three or fourteen", "ten ten": as long as it is not all clear, it stays as said. */
    private static boolean hasNeighbour(Words words, int start, int end) {
        return (isJoint(words.at(start - 1)) && isNumber(words.at(start - 2)))
                || (isJoint(words.at(end)) && isNumber(words.at(end + 1)))
                || NumberWords.ordinal(words, end).isPresent();
    }

    private static boolean isJoint(String word) {
        return word.matches("to|or|and|by|over|x|plus|minus|of|out");
    }

    private static boolean isNumber(String word) {
        return NumberWords.isPart(word);
    }

    private static String suffixed(int number) {
        return number
                + switch (number % 10) {
                    case 1 -> "st";
                    case 2 -> "nd";
                    case 3 -> "rd";
                    default -> "th";
                };
    }
}
