package konsil.clinic.dictation;

import java.util.List;
import java.util.Optional;
import konsil.clinic.dictation.NumberWords.Whole;

/** Dates that name their month: "January third twenty twenty six" is January 3, 2026. */
final class Dates implements PhraseRule {
    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");

    @Override
    public Optional<Phrase> at(Words words, int i) {
        var month = month(words.at(i));
        if (month.isEmpty()) return Optional.empty();
        return dayAndYear(words, i, month.get())
                .or(() -> yearAlone(words, i, month.get()))
                .or(() -> dayAlone(words, i, month.get()));
    }

    private static Optional<String> month(String word) {
        return MONTHS.stream().filter(month -> month.equalsIgnoreCase(word)).findFirst();
    }

    private static Optional<Phrase> dayAndYear(Words words, int i, String month) {
        var day = day(words, i + 1);
        if (day.isEmpty()) return Optional.empty();
        int at = i + 1 + day.get().tokens();
        int yearAt = words.isComma(at) ? at + 1 : at;
        return year(words, yearAt)
                .map(year -> new Phrase(
                        yearAt + year.tokens() - i,
                        "%s %d, %d".formatted(month, day.get().value(), year.value())));
    }

    private static Optional<Phrase> yearAlone(Words words, int i, String month) {
        return year(words, i + 1).map(year -> new Phrase(year.tokens() + 1, month + " " + year.value()));
    }

    /** Without a year, "may first" and "march two" can be anything: the month must have come with a capital. */
    private static Optional<Phrase> dayAlone(Words words, int i, String month) {
        boolean word = month.equals("May") || month.equals("March");
        if (word && !words.said(i).equals(month)) return Optional.empty();
        if (word && NumberWords.ordinal(words, i + 1).isEmpty()) return Optional.empty();
        return day(words, i + 1)
                .filter(day -> !NumberWords.isPart(words.at(i + 1 + day.tokens())))
                .map(day -> new Phrase(day.tokens() + 1, month + " " + day.value()));
    }

    private static Optional<Whole> day(Words words, int i) {
        return NumberWords.compoundOrdinal(words, i)
                .or(() -> NumberWords.ordinal(words, i))
                .or(() -> NumberWords.whole(words, i))
                .filter(day -> day.value() >= 1 && day.value() <= 31);
    }

    private static Optional<Whole> year(Words words, int i) {
        return NumberWords.year(words, i).filter(year -> !NumberWords.isPart(words.at(i + year.tokens())));
    }
}
