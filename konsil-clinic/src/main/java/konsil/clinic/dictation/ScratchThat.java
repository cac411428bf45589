package konsil.clinic.dictation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes back what was said. What goes is everything since the last boundary: the end of a sentence, a line break, a
 * paragraph, a heading. If nothing was said since then, a sentence goes with its mark, a break or a heading alone. A
 * mark right after the command goes too: people say "scratch that period".
 */
final class ScratchThat {
    private static final Set<String> NOUN_BEFORE = Set.of(
            "a",
            "an",
            "the",
            "this",
            "that",
            "one",
            "no",
            "any",
            "small",
            "large",
            "tiny",
            "superficial",
            "linear",
            "corneal",
            "deep",
            "old",
            "fresh",
            "skin",
            "cat",
            "healing",
            "another",
            "minor",
            "to",
            "not",
            "will");
    private static final Set<String> VERB_AFTER = Set.of(
            "is",
            "was",
            "are",
            "were",
            "has",
            "had",
            "have",
            "can",
            "could",
            "does",
            "did",
            "may",
            "might",
            "will",
            "would",
            "should",
            "extends",
            "occurred",
            "appears",
            "measures",
            "measured",
            "healed",
            "became",
            "needs",
            "itches",
            "area",
            "itch");

    private final List<Token> tokens;

    private ScratchThat(List<Token> tokens) {
        this.tokens = new ArrayList<>(tokens);
    }

    /** @return as many tokens in the same order, with what was taken back, and the commands, silent */
    static List<Token> apply(List<Token> tokens) {
        var work = new ScratchThat(tokens);
        List<Integer> seen = new ArrayList<>(); // tokens that still stand, so that each is looked at twice at most
        for (int i = 0; i < tokens.size(); i++) {
            int length = work.commandAt(i);
            if (length == 0) {
                if (!work.tokens.get(i).silent()) seen.add(i);
                continue;
            }
            work.takeBack(seen);
            int end = i + length;
            if (end < tokens.size() && work.isDanglingMark(end)) end++;
            for (int k = i; k < end; k++) work.silence(k);
            i = end - 1;
        }
        return work.tokens;
    }

    private int commandAt(int i) {
        if (tokens.get(i).is(Mark.SCRATCH)) return 1;
        boolean spoken = word(i).equals("scratch") && word(i + 1).equals("that");
        return spoken && !NOUN_BEFORE.contains(word(i - 1)) && !VERB_AFTER.contains(word(i + 2)) ? 2 : 0;
    }

    private boolean isDanglingMark(int i) {
        Token token = tokens.get(i);
        return token.is(Mark.PERIOD) || token.is(Mark.COMMA) || token.isPunctuation(".") || token.isPunctuation(",");
    }

    private void takeBack(List<Integer> seen) {
        if (seen.isEmpty()) return;
        int last = seen.getLast();
        if (Sentences.endsAfter(tokens, last)) {
            Token mark = tokens.get(last);
            silence(seen.removeLast());
            if (mark.is(Token.Kind.HEADING) || mark.is(Mark.LINE) || mark.is(Mark.PARAGRAPH)) return;
        }
        while (!seen.isEmpty() && !Sentences.endsAfter(tokens, seen.getLast())) silence(seen.removeLast());
    }

    private void silence(int i) {
        tokens.set(i, tokens.get(i).scratched());
    }

    private String word(int i) {
        if (i < 0 || i >= tokens.size() || !tokens.get(i).is(Token.Kind.WORD)) return "";
        return tokens.get(i).text().toLowerCase(Locale.ROOT);
    }
}
