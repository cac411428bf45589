package konsil.clinic.dictation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Numbers, in words or digits. */
final class NumberWords {
    private static final List<String> SMALL = List.of(
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen");
    private static final List<String> TENS =
            List.of("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
    private static final List<String> ORDINALS = List.of(
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth");
    private static final Map<String, Integer> TENTHS = Map.of("twentieth", 20, "thirtieth", 30);
    private static final String BEFORE_A_NOUN = "a|the|this|that|one|some|which|each|every|any|at";
    private static final int MOST_DECIMALS = 10;

    private NumberWords() {}

    /** A whole number and how many tokens say it. */
    record Whole(int value, int tokens) {}

    /** A number as it is written and how many tokens say it. */
    record Written(String text, int tokens) {}

    /** Whether a word can be part of a number said in words. */
    static boolean isPart(String word) {
        return SMALL.contains(word)
                || TENS.contains(word)
                || compound(word) >= 0
                || word.equals("hundred")
                || word.equals("thousand")
                || word.equals("million")
                || word.equals("point")
                || isDigits(word);
    }

    private static boolean isDigits(String word) {
        return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Zero to nine; -1 for anything else. "Oh" counts as zero only inside longer numbers. */
    static int digit(String word) {
        if (word.length() == 1 && word.charAt(0) >= '0' && word.charAt(0) <= '9') return word.charAt(0) - '0';
        int value = SMALL.indexOf(word);
        return value < 10 ? value : -1;
    }

    /** 0..99 in words alone. */
    static Optional<Whole> belowHundred(Words words, int i) {
        String word = words.at(i);
        if (SMALL.contains(word)) return Optional.of(new Whole(SMALL.indexOf(word), 1));
        if (compound(word) >= 0) return Optional.of(new Whole(compound(word), 1));
        int tens = TENS.indexOf(word);
        if (tens < 0) return Optional.empty();
        int unit = SMALL.indexOf(words.at(i + 1));
        boolean two = unit >= 1 && unit <= 9;
        return Optional.of(new Whole((tens + 2) * 10 + (two ? unit : 0), two ? 2 : 1));
    }

    /** "twenty-six". @return -1 for anything else */
    private static int compound(String word) {
        int hyphen = word.indexOf('-');
        if (hyphen < 0) return -1;
        int tens = TENS.indexOf(word.substring(0, hyphen));
        int unit = SMALL.indexOf(word.substring(hyphen + 1));
        return tens >= 0 && unit >= 1 && unit <= 9 ? (tens + 2) * 10 + unit : -1;
    }

    /** 0..999999 in words, or up to seven digits. */
    static Optional<Whole> whole(Words words, int i) {
        String word = words.at(i);
        if (word.length() <= 7 && isDigits(word)) return Optional.of(new Whole(Integer.parseInt(word), 1));
        var first = belowThousand(words, i);
        if (first.isEmpty()) return first;
        int next = i + first.get().tokens();
        if (first.get().value() == 0 || !words.at(next).equals("thousand")) return first;
        int thousands = first.get().value() * 1000;
        var rest = afterAnd(words, next + 1, belowThousand(words, next + 1));
        return rest.map(more -> new Whole(thousands + more.value(), next + 1 + more.tokens() - i))
                .or(() -> Optional.of(new Whole(thousands, next + 1 - i)));
    }

    private static Optional<Whole> belowThousand(Words words, int i) {
        var first = belowHundred(words, i);
        if (first.isEmpty()) return first;
        int hundreds = first.get().value();
        int next = i + first.get().tokens();
        if (hundreds < 1 || hundreds > 9 || !words.at(next).equals("hundred")) return first;
        var rest = afterAnd(words, next + 1, belowHundred(words, next + 1));
        return rest.map(more -> new Whole(hundreds * 100 + more.value(), next + 1 + more.tokens() - i))
                .or(() -> Optional.of(new Whole(hundreds * 100, next + 1 - i)));
    }

    private static Optional<Whole> afterAnd(Words words, int i, Optional<Whole> direct) {
        if (direct.isPresent() || !words.at(i).equals("and")) return direct.filter(more -> more.value() > 0);
        return belowHundred(words, i + 1)
                .filter(more -> more.value() > 0)
                .map(more -> new Whole(more.value(), more.tokens() + 1));
    }

    /** A whole number or a decimal fraction: "two point three", "point five", "two and a half", "2.3". */
    static Optional<Written> number(Words words, int i) {
        String word = words.at(i);
        if (word.matches("[0-9]{1,7}[.][0-9]{1,10}|[0-9]{1,3}(,[0-9]{3})+")) {
            return Optional.of(new Written(word, 1));
        }
        if (word.equals("point")) {
            if (words.at(i - 1).matches(BEFORE_A_NOUN)) return Optional.empty();
            return decimals(words, i + 1).map(part -> new Written("0." + part.text(), part.tokens() + 1));
        }
        var whole = whole(words, i);
        if (whole.isEmpty()) return Optional.empty();
        String text = isDigits(word) ? word : Integer.toString(whole.get().value());
        int next = i + whole.get().tokens();
        if (words.at(next).equals("point")) {
            return decimals(words, next + 1)
                    .map(part -> new Written(text + "." + part.text(), next + 1 + part.tokens() - i));
        }
        if (words.at(next).equals("and")
                && words.at(next + 1).equals("a")
                && words.at(next + 2).equals("half")) {
            return Optional.of(new Written(text + ".5", next + 3 - i));
        }
        return isPart(words.at(next)) ? Optional.empty() : Optional.of(new Written(text, next - i));
    }

    private static Optional<Written> decimals(Words words, int i) {
        var digits = new StringBuilder();
        int at = i;
        while (digits.length() < MOST_DECIMALS) {
            String word = words.at(at);
            int digit = word.equals("oh") ? 0 : digit(word);
            if (digit < 0) break;
            digits.append(digit);
            at++;
        }
        if (digits.isEmpty() && words.at(at).matches("[0-9]{1,10}")) digits.append(words.at(at++));
        if (digits.isEmpty() || isPart(words.at(at))) return Optional.empty();
        return Optional.of(new Written(digits.toString(), at - i));
    }

    /** First to thirty-first, in words or as "3rd". */
    static Optional<Whole> ordinal(Words words, int i) {
        String word = words.at(i);
        if (ORDINALS.contains(word)) return Optional.of(new Whole(ORDINALS.indexOf(word) + 1, 1));
        if (TENTHS.containsKey(word)) return Optional.of(new Whole(TENTHS.get(word), 1));
        if (word.matches("[0-9]{1,2}(st|nd|rd|th)")) {
            return Optional.of(new Whole(Integer.parseInt(word.substring(0, word.length() - 2)), 1));
        }
        return compoundOrdinal(words, i);
    }

    /** "twenty first", "twenty-first". */
    static Optional<Whole> compoundOrdinal(Words words, int i) {
        String word = words.at(i);
        int hyphen = word.indexOf('-');
        String head = hyphen < 0 ? word : word.substring(0, hyphen);
        String tail = hyphen < 0 ? words.at(i + 1) : word.substring(hyphen + 1);
        int unit = ORDINALS.indexOf(tail) + 1;
        int tens = TENS.indexOf(head);
        if (tens < 0 || unit < 1 || unit > 9) return Optional.empty();
        return Optional.of(new Whole((tens + 2) * 10 + unit, hyphen < 0 ? 2 : 1));
    }

    /** A year of 1900..2099: "twenty twenty six", "nineteen oh four", "two thousand and six", "2026". */
    static Optional<Whole> year(Words words, int i) {
        String word = words.at(i);
        if (word.matches("(19|20)[0-9]{2}")) return Optional.of(new Whole(Integer.parseInt(word), 1));
        if (word.equals("two") && words.at(i + 1).equals("thousand")) {
            return whole(words, i).filter(year -> year.value() <= 2099);
        }
        int century = word.equals("nineteen") ? 1900 : word.equals("twenty") ? 2000 : 0;
        if (century == 0) return Optional.empty();
        if (words.at(i + 1).equals("oh")) {
            int digit = digit(words.at(i + 2));
            return digit < 1 ? Optional.empty() : Optional.of(new Whole(century + digit, 3));
        }
        return belowHundred(words, i + 1)
                .filter(rest -> rest.value() >= 10)
                .map(rest -> new Whole(century + rest.value(), rest.tokens() + 1));
    }
}
