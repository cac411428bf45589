package konsil.clinic.dictation;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** TNM, stages in Roman numerals, grades and scores. */
final class Stages implements PhraseRule {
    private static final List<String> ROMAN = List.of("I", "II", "III", "IV");
    private static final Set<String> SCORES =
            Set.of("grade", "bi-rads", "birads", "pi-rads", "pirads", "li-rads", "lirads", "ti-rads", "tirads");

    @Override
    public Optional<Phrase> at(Words words, int i) {
        return tnm(words, i).or(() -> stage(words, i)).or(() -> score(words, i)).or(() -> gleason(words, i));
    }

    private record Part(String text, int tokens) {}

    /** T and N, M if it follows; or T alone behind a prefix. "p T three a" is pT3a. */
    private static Optional<Phrase> tnm(Words words, int i) {
        String prefix = words.said(i).matches("c|p|r|yp") ? words.said(i) : "";
        int at = prefix.isEmpty() ? i : i + 1;
        var tumour = part(words, at, 't', 4);
        if (tumour.isEmpty()) return Optional.empty();
        at += tumour.get().tokens();
        var text = new StringBuilder(prefix).append(tumour.get().text());
        var nodes = part(words, at, 'n', 3);
        if (nodes.isEmpty()) {
            boolean sure = !prefix.isEmpty() && words.said(i + 1).startsWith("T");
            return sure ? Optional.of(new Phrase(at - i, text.toString())) : Optional.empty();
        }
        at += nodes.get().tokens();
        text.append(' ').append(nodes.get().text());
        var metastasis = part(words, at, 'm', 1);
        if (metastasis.isPresent()) {
            at += metastasis.get().tokens();
            text.append(' ').append(metastasis.get().text());
        }
        return Optional.of(new Phrase(at - i, text.toString()));
    }

    /** A letter, its number or X or "is", and a small letter if one follows: "T one c", "T 1c", "T is". */
    private static Optional<Part> part(Words words, int i, char letter, int highest) {
        if (!words.at(i).equals(String.valueOf(letter))) return Optional.empty();
        String name = String.valueOf(Character.toUpperCase(letter));
        String value = words.at(i + 1);
        if (value.equals("x")) return Optional.of(new Part(name + "X", 2));
        if (letter == 't' && value.equals("is")) return Optional.of(new Part("Tis", 2));
        if (value.matches("[0-4][a-d]")) return Optional.of(new Part(name + value, 2));
        int number = NumberWords.digit(value.equals("oh") ? "zero" : value);
        if (number < 0 || number > highest) return Optional.empty();
        String small = words.said(i + 2);
        boolean lettered = small.matches("[bcd]") || (small.equals("a") && !isArticle(words, i + 2));
        return Optional.of(new Part(name + number + (lettered ? small : ""), lettered ? 3 : 2));
    }

    /** Whether "a" belongs to what follows; before an N or M, or at the end, it does not. */
    private static boolean isArticle(Words words, int i) {
        return !words.at(i + 1).matches("|n|m");
    }

    private static Optional<Phrase> stage(Words words, int i) {
        if (!words.at(i).equals("stage")) return Optional.empty();
        int number = NumberWords.digit(words.at(i + 1));
        if (number < 1 || number > 4 || isOpen(words, i + 2)) return Optional.empty();
        boolean lettered = words.said(i + 2).matches("[ABC]");
        String text = words.said(i) + " " + ROMAN.get(number - 1) + (lettered ? words.said(i + 2) : "");
        return Optional.of(new Phrase(lettered ? 3 : 2, text));
    }

    private static Optional<Phrase> score(Words words, int i) {
        boolean type = words.at(i).equals("type") && words.at(i + 2).equals("diabetes");
        if (!type && !SCORES.contains(words.at(i))) return Optional.empty();
        int number = NumberWords.digit(words.at(i + 1));
        if (number < 0 || number > 6 || isOpen(words, i + 2)) return Optional.empty();
        return Optional.of(new Phrase(2, words.said(i) + " " + number));
    }

    /** "Gleason score three plus four equals seven": Gleason score 3+4=7. */
    private static Optional<Phrase> gleason(Words words, int i) {
        if (!words.at(i).equals("gleason")) return Optional.empty();
        boolean named = words.at(i + 1).matches("score|grade");
        int at = named ? i + 2 : i + 1;
        int first = NumberWords.digit(words.at(at));
        int second = NumberWords.digit(words.at(at + 2));
        if (first < 1
                || first > 5
                || second < 1
                || second > 5
                || !words.at(at + 1).equals("plus")) {
            return Optional.empty();
        }
        String text = words.said(i) + (named ? " " + words.said(i + 1) : "") + " " + first + "+" + second;
        boolean sum = words.at(at + 3).equals("equals") && NumberWords.digit(words.at(at + 4)) == first + second;
        return Optional.of(sum ? new Phrase(at + 5 - i, text + "=" + (first + second)) : new Phrase(at + 3 - i, text));
    }

    /** The number goes on, or only begins a phrase: "grade one of three". */
    private static boolean isOpen(Words words, int i) {
        return NumberWords.isPart(words.at(i)) || words.at(i).matches("of|to|or|and|by");
    }
}
